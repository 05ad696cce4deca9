/** Recorded traffic of Adobe's own Web SDK is trusted and read; `EDGE_RECORDINGS` names the folder. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findCookie } from "../../src/core/cookie.ts";
import { agreeOnEcid, judgeCall, parseEdgePath, readEdgeAnswer } from "../../src/core/edge-network.ts";
import { adobeCookieName, decodeEcid, keepAdobeCookies } from "../../src/core/identity.ts";

const folder = process.env["EDGE_RECORDINGS"];

interface Handle {
  readonly type: string;
  readonly payload: readonly {
    readonly key?: string;
    readonly segments?: readonly { readonly id: string }[];
  }[];
}

interface Recorded {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly response: { readonly status: number; readonly body: { readonly handle: readonly Handle[] } };
}

/** Every request, however deep the recording has it. */
function requestsIn(value: unknown): Recorded[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  const found = entries.flatMap(([key, one]) => (key === "requests" ? (one as Recorded[]) : requestsIn(one)));
  return found;
}

function organizationOf({ response }: Recorded): string {
  const keys = response.body.handle.flatMap(({ payload }) => payload.map(({ key }) => key ?? ""));
  const organization = keys
    .map((key) => /^kndctr_(.+)_AdobeOrg_/.exec(key)?.[1])
    .find((one) => one !== undefined);
  return `${organization}@AdobeOrg`;
}

describe.skipIf(folder === undefined)("the recordings", () => {
  const path = join(folder ?? "", "web-sdk");
  const names = folder === undefined ? [] : readdirSync(path).filter((name) => name.endsWith(".json"));
  const recorded = names.flatMap((name) =>
    requestsIn(JSON.parse(readFileSync(join(path, name), "utf8"))).map((request) => ({ name, request })),
  );

  it("are there", () => {
    expect(recorded.length).toBeGreaterThan(8);
  });

  it.each(recorded)("of $name, $request.url", ({ request }) => {
    const url = new URL(request.url);
    expect(parseEdgePath(url.pathname, "ee")).not.toBeNull();
    const organizationId = organizationOf(request);
    const cookies = keepAdobeCookies(request.headers["cookie"] ?? "", organizationId);
    expect(cookies).toBe(request.headers["cookie"] ?? null);
    const cookie = findCookie(cookies ?? "", adobeCookieName(organizationId, "identity"));
    const visitorEcid = cookie === null ? null : decodeEcid(cookie);
    expect(visitorEcid === null).toBe(cookie === null);
    const judged = judgeCall({
      rawQuery: url.search,
      body: JSON.stringify(request.body),
      contentType: request.headers["content-type"] ?? null,
      contentEncoding: request.headers["content-encoding"] ?? null,
      secFetchSite: "same-origin",
      origin: request.headers["origin"] ?? null,
      siteOrigins: ["https://www.shop.test"],
      datastreamIds: [url.searchParams.get("configId") ?? ""],
      organizationId,
      visitorEcid,
      visitorFpid: null,
    });
    expect(judged).toEqual({ ok: true, value: { ecid: visitorEcid } });

    const { status, body } = request.response;
    const answer = readEdgeAnswer(status, JSON.stringify(body), organizationId);
    if (!answer.ok) throw new Error(answer.error);
    const pulls = body.handle
      .filter(({ type }) => type === "activation:pull")
      .flatMap(({ payload }) => payload);
    const ids = pulls.flatMap(({ segments }) => segments ?? []).map(({ id }) => id);
    const { audiences, hint, stored } = answer.value;
    expect(audiences === null ? null : [...audiences]).toEqual(pulls.length === 0 ? null : ids);
    expect(hint).toBe("irl1");
    const kept = body.handle.filter(({ type }) => type === "state:store").flatMap(({ payload }) => payload);
    expect(stored.map(({ name }) => name)).toEqual(kept.map(({ key }) => key));
    const agreed = agreeOnEcid(visitorEcid, answer.value);
    expect(agreed.ok && agreed.value).toMatch(/^[0-9]{38}$/);
  });
});
