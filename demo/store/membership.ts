/** Reads a shopper's audiences as Adobe's extension for Commerce does: from a plain cookie or header. */

import { percentDecode } from "./cookie.ts";

export const membershipName = "aep-segments-membership";

/** Luma pages and REST: the cookie, already percent-decoded with the others. */
export function audiencesOfCookies(cookies: ReadonlyMap<string, string>): readonly string[] {
  return split(cookies.get(membershipName) ?? "");
}

/** GraphQL: only the header counts. PHP does not decode headers, so the extension does it itself. */
export function audiencesOfHeaders(headers: Headers): readonly string[] {
  return split(percentDecode(headers.get(membershipName) ?? ""));
}

function split(text: string): readonly string[] {
  return [...new Set(text.split(",").map((id) => id.trim()))].filter((id) => id !== "");
}
