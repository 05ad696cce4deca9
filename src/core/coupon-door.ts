/** The doors by which a coupon code can reach a cart without GraphQL, and where in a request a locked one stands. */

import { findForm, findJson, findMultipart, findPath, findXml } from "./coupon-door/scan.ts";
import { FRONT, pathSegments } from "./path.ts";

/** What may be in a body, judged by how Commerce itself reads it. */
export type BodyForm = "json" | "xml" | "form" | "multipart";

export interface CouponDoor {
  /** Each form that Commerce could take that body for. */
  readonly forms: readonly BodyForm[];
}

/**
 * REST with any store code, async and bulk; SOAP; Luma's form under any store view, `index.php` in front, its
 * parameters as path segments too. Any method that changes something: PHP reads a body of each.
 */
export function findCouponDoor(
  method: string,
  pathname: string,
  contentType: string | null,
): CouponDoor | null {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return null;
  const segments = pathSegments(pathname, 8)?.map((segment) => segment.toLowerCase());
  // What we can't decode is Commerce's to judge; so it is looked into as everything at once.
  if (segments === undefined) return { forms: ["json", "xml", "form", "multipart"] };
  const front = segments.slice(0, FRONT);
  if (front.includes("soap")) return { forms: ["xml"] };
  if (front.includes("rest")) return { forms: ["json", "xml", ...formsOf(contentType)] };
  return segments.includes("couponpost") ? { forms: formsOf(contentType) } : null;
}

/** PHP makes a form of these two types alone. */
function formsOf(contentType: string | null): BodyForm[] {
  const type = contentType?.toLowerCase() ?? "";
  const forms: BodyForm[] = [];
  if (type.includes("application/x-www-form-urlencoded")) forms.push("form");
  if (type.includes("multipart/form-data")) forms.push("multipart");
  return forms;
}

/** Where locked codes end in the raw texts, so that what is inserted there makes other codes of them. */
export interface Found {
  readonly path: readonly number[];
  readonly query: readonly number[];
  readonly body: readonly number[];
}

export type IsLocked = (typed: string) => boolean;

export function findLockedCodes(
  request: {
    readonly door: CouponDoor;
    readonly pathname: string;
    /** With its `?`, or empty. */
    readonly search: string;
    readonly body: string;
  },
  isLocked: IsLocked,
): Found {
  const { door, pathname, search, body } = request;
  const ends = new Set<number>();
  for (const form of door.forms) for (const end of scan(form, body, isLocked)) ends.add(end);
  return {
    path: findPath(pathname, isLocked),
    query: findForm(search, search.startsWith("?") ? 1 : 0, isLocked),
    body: [...ends].sort((one, other) => one - other),
  };
}

function scan(form: BodyForm, body: string, isLocked: IsLocked): readonly number[] {
  switch (form) {
    case "json":
      return findJson(body, isLocked);
    case "xml":
      return findXml(body, isLocked);
    case "form":
      return findForm(body, 0, isLocked);
    case "multipart":
      return findMultipart(body, isLocked);
  }
}

export function insertAt(text: string, ends: readonly number[], inserted: string): string {
  let result = "";
  let from = 0;
  for (const end of ends) {
    result += text.slice(from, end) + inserted;
    from = end;
  }
  return result + text.slice(from);
}
