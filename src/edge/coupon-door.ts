/** Exclusive coupons at the doors that are not GraphQL: a locked code reaches Commerce as one that is none. */

import { SPOILER } from "../core/coupon-code.ts";
import { decodeLeniently, isOpaqueXml } from "../core/coupon-door/scan.ts";
import { type CouponDoor, findCouponDoor, findLockedCodes, insertAt } from "../core/coupon-door.ts";
import { guardsCoupons } from "../core/guard.ts";
import { isLocked, lockedCoupons } from "../core/offer.ts";
import { readBody } from "./body.ts";
import { openGuardQuestion } from "./question.ts";
import { refuseRest } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import type { Visit } from "./visit.ts";

/** Nothing of it can be told from a code that does not exist: Commerce answers both, or words of Commerce's do. */
const INVALID = "The coupon code isn't valid. Verify the code and try again.";

/**
 * The visit as Commerce may have it, or the refusal of what can't be looked into. Costs nothing where the
 * website has no exclusive offer, and where the request is at none of the doors.
 */
export async function guardCoupons(
  visit: Visit,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Visit | Response> {
  const { request, path, offers, website } = visit;
  if (offers === null || offers.exclusive.size === 0 || !guardsCoupons(visit)) return visit;
  const door = findCouponDoor(request.method, path, request.headers.get("content-type"));
  if (door === null || lockedHere(visit).length === 0) return visit;
  const read = request.body === null ? null : await readBody(request.body, website.maxBodyBytes);
  if (read?.kind === "longer") {
    await read.stream.cancel();
    return refuseRest(413, `Request body is too large: at most ${website.maxBodyBytes} bytes.`);
  }
  const sent = { door, body: read?.bytes ?? null };
  const before = spoil(visit, sent);
  if (before.kind === "clean") return before.visit;
  // Adobe may know better than what this browser could show us; only who types such a code waits for it.
  const known = await openGuardQuestion(visit, services, waitUntil)?.join();
  const after = known ? spoil(known.visit, sent) : before;
  return after.kind === "opaque" ? refuseRest(404, INVALID) : after.visit;
}

function lockedHere({ offers, membership, startedAtMs }: Visit): readonly string[] {
  return offers === null ? [] : lockedCoupons(offers, membership, startedAtMs);
}

type Guarded = { readonly kind: "clean" | "spoiled"; readonly visit: Visit } | { readonly kind: "opaque" };

interface Sent {
  readonly door: CouponDoor;
  readonly body: Uint8Array | null;
}

function spoil(visit: Visit, { door, body }: Sent): Guarded {
  const locked = lockedHere(visit);
  const { pathname, search, origin } = new URL(visit.request.url);
  const text = new TextDecoder("utf-8", { ignoreBOM: true, fatal: false }).decode(body ?? new Uint8Array());
  const found = findLockedCodes({ door, pathname, search, body: text }, (typed) => isLocked(typed, locked));
  const coding = visit.request.headers.get("content-encoding") ?? "identity";
  // A web server in front of PHP, or PHP's own SOAP, may unpack what we see packed.
  const packed = text !== "" && coding !== "identity";
  const hidden = packed || (door.forms.includes("xml") && isOpaqueXml(text));
  const opaque = locked.length > 0 && hidden;
  const count = found.path.length + found.query.length + found.body.length;
  if (count === 0 && !opaque) return { kind: "clean", visit: withRequest(visit, visit.request.url, body) };
  // Not UTF-8: not to be written again, and a database may end the text there, before what we would add.
  const broken = (text + decodeLeniently(pathname + search + text)).includes("\ufffd");
  if (opaque || broken) return { kind: "opaque" };
  const path = insertAt(pathname, found.path, SPOILER);
  const url = origin + path + insertAt(search, found.query, SPOILER);
  const spoiled =
    found.body.length === 0 ? body : new TextEncoder().encode(insertAt(text, found.body, SPOILER));
  return { kind: "spoiled", visit: { ...withRequest(visit, url, spoiled), path, guard: "coupon-locked" } };
}

/** The same request again, with a body that was read. */
function withRequest(visit: Visit, url: string, body: Uint8Array | null): Visit {
  const { method, headers: sent, cf } = visit.request;
  const headers = new Headers(sent);
  if (body !== null) headers.delete("content-length");
  return {
    ...visit,
    request: new Request(url, { method, headers, body, redirect: "manual", ...(cf ? { cf } : {}) }),
  };
}
