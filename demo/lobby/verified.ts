/** How a shopper of the lobby comes by a membership: as Adobe would have it, or written by hand. */

import { ownCookieName } from "../../src/edge/own-cookie.ts";
import { cookieName, readIdentity } from "../adobe/identity.ts";
import { readCookies } from "../store/cookie.ts";
import { membershipName } from "../store/membership.ts";
import type { WebSdk } from "../web-sdk.ts";
import type { Ask, DemoEnv } from "./ask.ts";

export interface Wish {
  /** Any address of the shop, under the shopper's own host. */
  readonly url: URL;
  /** What the shopper's browser has so far. */
  readonly cookies: string;
  /** Joined by commas. */
  readonly audiences: string;
  readonly by: "adobe" | "hand";
}

const identitySeconds = 34_128_000;

/** `Set-Cookie` lines for the shopper's browser. A shop without a datastream believes handwriting. */
export async function obtainMembership(wish: Wish, env: DemoEnv, ask: Ask): Promise<readonly string[]> {
  const byHand = env.WEB_SDK === undefined || wish.by === "hand";
  const claimed = membershipCookie(byHand ? wish.audiences : "");
  if (byHand || env.WEB_SDK === undefined) return [claimed];
  if (wish.audiences === "") return [claimed, ...forget(env.WEB_SDK)];
  return [claimed, ...(await askAdobe(wish, env.WEB_SDK, env, ask))];
}

/** Adobe's event collector writes it raw and for the session; so does who forges it. */
function membershipCookie(audiences: string): string {
  if (audiences === "") return `${membershipName}=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT`;
  return `${membershipName}=${audiences}; path=/`;
}

function forget({ organizationId }: WebSdk): readonly string[] {
  return [
    `${cookieName(organizationId, "identity")}=; path=/; max-age=0; Secure; SameSite=None`,
    `${ownCookieName({ code: "main", cookieDomain: null }, "membership")}=; path=/; max-age=0; Secure; HttpOnly; SameSite=Lax`,
  ];
}

/** The visitor is put into the audiences at Adobe, and calls as the Web SDK does: by the shop's host. */
async function askAdobe(wish: Wish, webSdk: WebSdk, env: DemoEnv, ask: Ask): Promise<readonly string[]> {
  const name = cookieName(webSdk.organizationId, "identity");
  const ecid = readIdentity(readCookies(wish.cookies).get(name)) ?? undefined;
  const put = await env.ADOBE.fetch("http://edge.adobe.demo/demo/profile", {
    method: "POST",
    body: JSON.stringify({ ecid, audiences: wish.audiences.split(",") }),
  });
  const { cookie } = await put.json<{ cookie: { readonly name: string; readonly value: string } }>();
  const identity = `${cookie.name}=${cookie.value}`;
  const url = new URL("/ee/v1/interact", wish.url);
  url.searchParams.set("configId", webSdk.datastreamId);
  const answer = await ask(
    new Request(url, {
      method: "POST",
      headers: {
        "content-type": "text/plain; charset=UTF-8",
        cookie: identity,
        origin: url.origin,
        "sec-fetch-site": "same-origin",
      },
      body: JSON.stringify({ events: [{ xdm: {} }], query: { identity: { fetch: ["ECID"] } } }),
    }),
  );
  await answer.body?.cancel();
  return [
    `${identity}; path=/; max-age=${identitySeconds}; Secure; SameSite=None`,
    ...answer.headers.getSetCookie(),
  ];
}

/** What a browser would send after such lines; lines that take a cookie back are left out. */
export function cookiesOf(setCookies: readonly string[]): string {
  return setCookies
    .filter((line) => !/max-age=0|expires=Thu, 01 Jan 1970/i.test(line))
    .map((line) => line.split(";", 1)[0] ?? "")
    .join("; ");
}
