/** A shop whose memberships must be verified: the rig, a pretend Edge Network behind it, and its visitors. */

import { createHmac, hkdfSync } from "node:crypto";
import type { Answer, SentRequest } from "./edge.ts";
import {
  DATASTREAM,
  type EdgeNetwork,
  ecidNumber,
  identityValue,
  ORGANIZATION,
  startEdgeNetwork,
} from "./edge-network.ts";
import type { Handler } from "./origin.ts";
import { RIG, rig } from "./rig.ts";
import { heroOn, OPERATOR_KEY, openShop, type Shop, type ShopOptions } from "./shop.ts";

export const SECRET = "a signing secret of the tests, long enough";
export const BACKEND_SECRET = "a backend secret of the tests, long enough";
export const SIGNED = "__Host-edge-audiences-main";

export interface VerifiedShop extends Shop {
  readonly adobe: EdgeNetwork;
  /** The settings of the website `main`, to be sent to the rig with others beside it. */
  readonly website: Readonly<Record<string, unknown>>;
  /** Somebody whom no other test has asked about: Adobe knows them in those audiences. */
  newMember(...audiences: readonly string[]): string;
  /** An isolate that has served nothing yet, with its own settings; Commerce and Adobe were not asked. */
  beginAnew(): Promise<void>;
}

/** A website on a path of the shop's host, with its own datastream. */
export const FRENCH = {
  hosts: ["shop.test"],
  pathPrefix: "/fr",
  datastreamId: "7e1c0c5a-2f1b-4d0a-9c4e-00000000000f",
} as const;

/** A Commerce that has no page at all. */
export const noSuchPage: Handler = (_, response) => {
  response.writeHead(404, { "content-type": "text/html" });
  response.end("Commerce: no such page");
};

export async function openVerifiedShop(options: ShopOptions): Promise<VerifiedShop> {
  const adobe = await startEdgeNetwork();
  const website = {
    adobe: { organizationId: ORGANIZATION },
    datastreamId: DATASTREAM,
    edgeUrl: adobe.url,
    edgeServerUrl: adobe.url,
    trust: "verified",
    // A slow machine is not what is tried: tests of the budget have their own.
    budgetMs: 5_000,
    ...options.website,
  };
  const beside = Object.entries(options.websites ?? {}).map(([code, one]) => [
    code,
    "datastreamId" in one ? { adobe: website.adobe, edgeUrl: adobe.url, ...one } : one,
  ]);
  const shop = await openShop({
    script: RIG,
    banners: [{ ...heroOn(["/"]), trust: "verified" }],
    ...options,
    websites: Object.fromEntries(beside),
    website,
    bindings: { SIGNING_SECRET: SECRET, BACKEND_SECRET, ...options.bindings },
  });
  // The tests name the first ones themselves.
  let visitors = 100;
  return {
    ...shop,
    adobe,
    newMember(...audiences) {
      visitors += 1;
      adobe.members.set(ecidNumber(visitors), audiences);
      return ecidNumber(visitors);
    },
    async beginAnew() {
      await rig(shop.edge, { cold: true, vars: {} });
      shop.origin.seen.length = 0;
      adobe.seen.length = 0;
    },
    website: { hosts: ["shop.test"], origin: shop.origin.url, ...website },
    async stop() {
      await shop.stop();
      await adobe.stop();
    },
  };
}

export type Header = readonly [string, string];

/** With it the answer tells its plan. */
export const EXPLAIN: Header = ["edge-audiences-explain", OPERATOR_KEY];

/** The cookies of a visitor whom Adobe knows by that ECID. */
export function visitor(ecid: string | null, ...cookies: readonly (string | null)[]): Header {
  const identity = ecid === null ? null : `kndctr_ABC_AdobeOrg_identity=${identityValue(ecid)}`;
  return ["cookie", [identity, ...cookies].filter((one) => one !== null).join("; ")];
}

const sdkBody = {
  events: [{ xdm: { eventType: "web.webpagedetails.pageViews" } }],
  query: { identity: { fetch: ["ECID"] } },
  meta: { state: { domain: "shop.test", cookiesEnabled: true } },
};

export interface SdkCall {
  readonly path?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: readonly Header[];
  /** Over the headers that a browser sends with a call to the page's own host; null: not sent. */
  readonly over?: Readonly<Record<string, string | null>>;
}

/** A call as the Web SDK of the shop's own page makes it. */
export function sdkCall(call: SdkCall = {}): SentRequest & { readonly path: string } {
  const { path = "/ee/v1/interact", query = `configId=${DATASTREAM}`, headers = [], over = {} } = call;
  const written = call.body ?? sdkBody;
  const body = typeof written === "string" || Buffer.isBuffer(written) ? written : JSON.stringify(written);
  const browser: Record<string, string | null> = {
    "content-type": "text/plain; charset=UTF-8",
    "content-length": String(Buffer.byteLength(body)),
    origin: "http://shop.test",
    "sec-fetch-site": "same-origin",
    ...over,
  };
  const lines = Object.entries(browser).flatMap(([name, value]): Header[] =>
    value === null ? [] : [[name, value]],
  );
  return { path: `${path}?${query}`, method: "POST", headers: [...lines, ...headers], body };
}

export function callSdk({ edge }: Pick<Shop, "edge">, call: SdkCall = {}): Promise<Answer> {
  const { path, ...request } = sdkCall(call);
  return edge.send(path, request);
}

/** `__Host-edge-audiences-main=…` as a browser would send it back; null where the answer sets none. */
export function signedCookieOf(answer: Answer, name = SIGNED): string | null {
  const line = answer.all("set-cookie").find((one) => one.startsWith(`${name}=`));
  return line?.split(";")[0] ?? null;
}

/** What the Web SDK of a visitor gets signed. */
export async function signFor(shop: Pick<Shop, "edge">, ecid: string, host = "shop.test"): Promise<string> {
  const { path, ...request } = sdkCall({ headers: [visitor(ecid)], over: { origin: `http://${host}` } });
  const cookie = signedCookieOf(await shop.edge.send(path, { ...request, host }));
  if (cookie === null) throw new Error("nothing was signed");
  return cookie;
}

/** A token that only who has the secret can make; `payload` is whatever the test wants to be signed. */
export function forgeToken(payload: Buffer, secret = SECRET, context = "main"): string {
  const derive = (info: string, bytes: number) =>
    Buffer.from(hkdfSync("sha256", secret, Buffer.alloc(0), `edge-audiences membership ${info}`, bytes));
  const body = `${derive("key id", 4).toString("base64url")}.${payload.toString("base64url")}`;
  const text = `membership\n${context.length}:${context}\n${body}`;
  return `${body}.${createHmac("sha256", derive("key", 32)).update(text).digest("base64url")}`;
}
