/** GraphQL's customer token: where it appears or changes on a browser, what was signed before was said of another. */

import { readMembership } from "../core/membership.ts";
import { holdsSignedCookie } from "./membership.ts";
import { findOwnCookie, setOwnCookie } from "./own-cookie.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit } from "./visit.ts";
import { forgetWord } from "./word.ts";

/** Longer than a customer's token is good for. */
const KEPT_SECONDS = 86_400;

const MARK_LENGTH = 22;

export interface CustomerSeen {
  /** Without what was signed, where the token is a new one: Adobe is asked again. */
  readonly visit: Visit;
  readonly changed: boolean;
  /** A `Set-Cookie` value that remembers whose token it was, as a mark that tells nothing of it. */
  readonly cookie: string | null;
}

/** A request without a token says nothing: catalog queries of a signed-in shopper have none either. */
export async function seeCustomer(visit: Visit, services: Services): Promise<CustomerSeen> {
  const { request, website } = visit;
  const token = /^Bearer\s+(\S{1,4096})$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const unchanged = { visit, changed: false, cookie: null };
  if (token === undefined || request.method !== "POST" || services.visitorSigner === null) return unchanged;
  const held = holdsSignedCookie(request, website);
  if (!isActing(visit) || (!held && visit.ecid === null && visit.device === null)) return unchanged;
  const signed = await services.visitorSigner.sign(
    new TextEncoder().encode(`customer ${token}`),
    website.code,
  );
  const mark = signed.split(".").at(-1)?.slice(0, MARK_LENGTH) ?? "";
  if (findOwnCookie(request.headers.get("cookie") ?? "", website, "customer") === mark) return unchanged;
  const cookie = setOwnCookie(website, "customer", mark, KEPT_SECONDS);
  await forgetWord(visit, services);
  const claims = { ...visit.claims, signed: null };
  return { visit: { ...visit, claims, membership: readMembership(claims) }, changed: held, cookie };
}
