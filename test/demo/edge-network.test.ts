/** The pretend Edge Network answers as the recordings do; what is tested elsewhere rests on it. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";

const datastream = "d3a0c5be-0000-4000-8000-7e0000000001";
const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const device = "3f1c2b8a-5d4e-4c6b-9a7f-8e0d1c2b3a49";
const identityCookie = "kndctr_DEMO_AdobeOrg_identity";

interface Handle {
  readonly type: string;
  readonly payload: readonly Readonly<Record<string, unknown>>[];
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly handle: readonly Handle[];
}

let demo: RunningDemo;

beforeAll(async () => {
  demo = await startDemo();
}, 30_000);
afterAll(() => demo.stop());
afterEach(() => breakIt("up"));

/** As the Web SDK calls: JSON as text, its question in the body. */
async function call(
  action: string,
  body: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const query = { identity: { fetch: ["ECID", "CORE"] } };
  const answer = await fetch(`${demo.adobeUrl}/ee/${action}`, {
    method: "POST",
    headers: { "content-type": "text/plain; charset=UTF-8", ...headers },
    body: JSON.stringify({ query, ...body }),
  });
  const text = await answer.text();
  const json = answer.headers.get("content-type")?.startsWith("application/json") ?? false;
  const handle = json ? (JSON.parse(text) as { handle: readonly Handle[] }).handle : [];
  return { status: answer.status, headers: answer.headers, text, handle };
}

const interact = (body?: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>) =>
  call(`v1/interact?configId=${datastream}`, body, headers);

const payloadOf = ({ handle }: Answer, type: string) => handle.find((one) => one.type === type)?.payload;
const storedIn = (answer: Answer, key: string) =>
  payloadOf(answer, "state:store")?.find((entry) => entry["key"] === key)?.["value"] as string;

/** The ECID stands as text behind the two bytes of field 1. */
const ecidIn = (cookie: string) => Buffer.from(cookie, "base64url").subarray(2, 40).toString();
const ecidOf = (answer: Answer) => ecidIn(storedIn(answer, identityCookie));

async function putProfile(ecid: string, audiences: readonly string[]): Promise<void> {
  const body = JSON.stringify({ ecid, audiences });
  await fetch(`${demo.adobeUrl}/demo/profile`, { method: "POST", body });
}

async function breakIt(mode: string): Promise<void> {
  await fetch(`${demo.adobeUrl}/demo/faults`, { method: "POST", body: JSON.stringify({ mode }) });
}

const identityMap = (namespace: string, id: string, primary = true) => ({
  events: [{ xdm: { identityMap: { [namespace]: [{ id, primary }] } } }],
});

describe("a visitor", () => {
  it("who is new gets an ECID of 38 digits, in the answer and in the cookie to store", async () => {
    const answer = await interact();
    expect(answer.handle.map(({ type }) => type)).toEqual([
      "identity:result",
      "activation:push",
      "locationHint:result",
      "state:store",
      "activation:pull",
    ]);
    const ecid = ecidOf(answer);
    expect(ecid).toMatch(/^\d{38}$/);
    expect(payloadOf(answer, "identity:result")).toEqual([
      { id: ecid, namespace: { code: "ECID" } },
      { id: expect.stringMatching(/^\d{38}$/), namespace: { code: "CORE" } },
    ]);
    expect(payloadOf(answer, "state:store")).toEqual([
      { key: "kndctr_DEMO_AdobeOrg_cluster", value: "irl1", maxAge: 1800 },
      { key: identityCookie, value: expect.any(String), maxAge: 34_128_000, attrs: { SameSite: "None" } },
    ]);
    expect(ecidOf(await interact())).not.toBe(ecid);
  });

  it("keeps the ECID of the cookie, from the header or from the body", async () => {
    const value = storedIn(await interact(), identityCookie);
    const byHeader = await interact({}, { cookie: `a=b; ${identityCookie}=${value}` });
    const byBody = await interact({ meta: { state: { entries: [{ key: identityCookie, value }] } } });
    expect([ecidOf(byHeader), ecidOf(byBody)]).toEqual([ecidIn(value), ecidIn(value)]);
  });

  it("with a first-party device id has the same ECID always, and an ECID goes before it", async () => {
    const first = ecidOf(await interact(identityMap("FPID", device)));
    expect(ecidOf(await interact(identityMap("FPID", device)))).toBe(first);
    expect(ecidOf(await interact({}, { cookie: `FPID=${device}` }))).toBe(first);
    const other = "1".repeat(38);
    expect(ecidOf(await interact(identityMap("ECID", other), { cookie: `FPID=${device}` }))).toBe(other);
  });
});

describe("somebody new", () => {
  it("is in what edge segmentation says of new visitors, at once, and by their device id from then on", async () => {
    const tell = (audiences: readonly string[] | null) =>
      fetch(`${demo.adobeUrl}/demo/newcomers`, { method: "POST", body: JSON.stringify({ audiences }) });
    await tell([vip]);
    const map = identityMap("FPID", "7a1b9c3d-2e4f-4a5b-8c6d-9e0f1a2b3c4d");
    const first = await interact(map);
    expect(payloadOf(first, "activation:pull")).toEqual([
      expect.objectContaining({ segments: [{ id: vip }] }),
    ]);
    await putProfile(ecidOf(first), []);
    expect(payloadOf(await interact(map), "activation:pull")).toEqual([
      expect.objectContaining({ segments: [] }),
    ]);
    await tell(null);
    expect(payloadOf(await interact(), "activation:pull")).toEqual([]);
  });
});

describe("a profile", () => {
  it("that is not known has an empty payload first, and is in no audience from then on", async () => {
    const ecid = "2".repeat(38);
    expect(payloadOf(await interact(identityMap("ECID", ecid)), "activation:pull")).toEqual([]);
    expect(payloadOf(await interact(identityMap("ECID", ecid)), "activation:pull")).toEqual([
      expect.objectContaining({ type: "profileLookup", segments: [] }),
    ]);
  });

  it("that is known comes with its audiences, in version 1 and 2, with and without a hint", async () => {
    const ecid = "3".repeat(38);
    await putProfile(ecid, [vip]);
    const map = { identityMap: { ECID: [{ id: ecid, primary: true }] } };
    const answers = await Promise.all([
      interact({ events: [{ xdm: map }] }),
      call(`v2/interact?datastreamId=${datastream}`, { event: { xdm: map } }),
      call(`irl1/v1/interact?configId=${datastream}`, { xdm: map }),
    ]);
    for (const answer of answers) {
      expect(payloadOf(answer, "activation:pull")).toEqual([
        expect.objectContaining({ type: "profileLookup", alias: "commerce", segments: [{ id: vip }] }),
      ]);
    }
  });

  it("is not told of after a no: there is no pull handle, and a warning", async () => {
    const answer = await interact({}, { cookie: "kndctr_DEMO_AdobeOrg_consent=general=out" });
    expect(answer.status).toBe(200);
    expect(payloadOf(answer, "activation:pull")).toBeUndefined();
    expect(answer.text).toContain("EXEG-0301-200");
  });
});

describe("the other calls", () => {
  it.each(["in", "out"])("consent general=%s is stored for half a year", async (general) => {
    const consent = [{ standard: "Adobe", version: "1.0", value: { general } }];
    const answer = await call(`v1/privacy/set-consent?configId=${datastream}`, { consent });
    expect(answer.handle.at(-1)).toEqual({
      type: "state:store",
      payload: [
        {
          key: "kndctr_DEMO_AdobeOrg_consent",
          value: `general=${general}`,
          maxAge: 15_552_000,
          attrs: { SameSite: "None" },
        },
      ],
    });
  });

  it("an identity is given out alone, and an event is taken without a word", async () => {
    const acquired = await call(`v1/identity/acquire?configId=${datastream}`);
    expect(ecidOf(acquired)).toMatch(/^\d{38}$/);
    expect(payloadOf(acquired, "activation:pull")).toBeUndefined();
    expect(await call(`v1/collect?configId=${datastream}`)).toMatchObject({ status: 204, text: "" });
  });

  it("what Adobe refuses is refused, with its own code", async () => {
    const codes = await Promise.all([
      call("v1/interact?configId=b7a9c0de-0000-4000-8000-000000000001"),
      call("v1/interact"),
      interact(identityMap("ECID", "4".repeat(38), false)),
      interact({}, { "content-type": "application/x-www-form-urlencoded" }),
    ]);
    expect(codes.map(({ status, text }) => [status, /EXEG-[\d-]+/.exec(text)?.[0]])).toEqual([
      [400, "EXEG-0003-400"],
      [400, "EXEG-0002-400"],
      [400, "EXEG-0306-400"],
      [415, "EXEG-0111-415"],
    ]);
    expect(codes[0]?.headers.get("content-type")).toBe("application/problem+json");
    expect((await call(`evil1/v1/interact?configId=${datastream}`)).status).toBe(404);
  });
});

describe("on a bad day", () => {
  it.each([
    ["down", 503, null],
    ["throttled", 429, null],
    ["forbidden", 403, "text/html"],
    ["rubbish", 200, "text/html; charset=utf-8"],
  ])("%s answers %i", async (mode, status, type) => {
    await breakIt(mode);
    const answer = await interact();
    expect(answer.status).toBe(status);
    if (type !== null) expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.text).not.toContain("activation:pull");
  });

  it("partial answers 207 with errors, and says nothing of audiences", async () => {
    await breakIt("partial");
    const answer = await interact();
    expect(answer.status).toBe(207);
    expect(answer.text).toContain("EXEG-0200-504");
    expect(payloadOf(answer, "activation:pull")).toBeUndefined();
  });

  it("huge answers ten megabytes of JSON, slow takes two seconds", async () => {
    await breakIt("huge");
    expect((await interact()).text.length).toBeGreaterThan(10_000_000);
    await breakIt("slow");
    const startedAtMs = performance.now();
    expect((await interact()).status).toBe(200);
    expect(performance.now() - startedAtMs).toBeGreaterThan(1900);
  });
});
