/** Four times the text takes four times as long, and not sixteen: nobody keeps the Worker busy with a few kilobytes. */

import { expect, it } from "vitest";
import { parseCampaigns } from "../../src/core/campaigns.ts";
import { parseContentPolicy } from "../../src/core/content-policy.ts";
import { findCookie, mendCookieLines, removeCookie } from "../../src/core/cookie.ts";
import { foldCoupon, isSpellingOf } from "../../src/core/coupon-code.ts";
import { readJson } from "../../src/core/edge-network/json.ts";
import { readEdgeAnswer } from "../../src/core/edge-network.ts";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { readGraphqlBody, readGraphqlQuery } from "../../src/core/graphql-request.ts";
import { checkHtml } from "../../src/core/html.ts";
import { cleanAdobeSetCookie, decodeEcid, keepAdobeCookies } from "../../src/core/identity.ts";
import { decodeMembership } from "../../src/core/membership.ts";
import { pathSegments, readablePath } from "../../src/core/path.ts";
import { withoutImagePreloads } from "../../src/core/preload.ts";
import { cpuMsOf } from "./pace.ts";

const ORGANIZATION = "A@AdobeOrg";

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  "a GraphQL document": parseDocument,
  "a selection of one": (text) => parseDocument(`{${text.slice(0, 65_000)}}`),
  "a GraphQL body": readGraphqlBody,
  "a query in an address": (text) => readGraphqlQuery(`?query=${text}`),
  "a membership": decodeMembership,
  "an ECID": decodeEcid,
  cookies: (text) => [findCookie(text, "kndctr_A"), removeCookie(text, "a"), mendCookieLines(text)],
  "Adobe's cookies": (text) => keepAdobeCookies(text, ORGANIZATION),
  "a cookie of Adobe's": (text) => cleanAdobeSetCookie(text, ORGANIZATION, "shop.test"),
  "Adobe's answer": (text) => readEdgeAnswer(200, text, ORGANIZATION),
  JSON: readJson,
  "a path": (text) => [pathSegments(text, 8), readablePath(text)],
  "a typed code": (text) => isSpellingOf(text, foldCoupon("VIP20")),
  "a policy": parseContentPolicy,
  "a Link header": withoutImagePreloads,
  "a banner's HTML": (text) => checkHtml(text),
  "a campaigns file": (text) => parseCampaigns(text, { websites: null, adminPath: null }),
};

const pieces = [
  ..."a {}[]()<>&%,;=#\"\\'/.-@$:\n\t",
  ...[
    "-0.",
    "1e",
    "<a ",
    "<!--",
    '\\"',
    '"\\',
    '"""',
    "...",
    "$a:",
    "@a",
    ", ",
    "; ",
    "a=",
    "a=1; ",
    "kndctr_",
  ],
  ...[
    "%2",
    "\\u00",
    '{"a":',
    "[{",
    "{a",
    "{a}",
    "/../",
    "'nonce-",
    "rel=preload",
    "<x>; ",
    "\u0301",
    "\u200b",
  ],
];

const SHORT = 16_000;

function takesMs(read: (text: string) => unknown, piece: string, length: number): number {
  const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
  return cpuMsOf(() => read(text), 1);
}

it.each(Object.entries(readers))("%s", { timeout: 120_000 }, (_, read) => {
  for (const piece of pieces) {
    const shortMs = takesMs(read, piece, SHORT);
    const longMs = takesMs(read, piece, 4 * SHORT);
    // What is over before anybody notices may be anything.
    const slower = longMs > 400 && longMs > 9 * shortMs;
    expect({ piece, slower: slower ? `${Math.round(shortMs)} → ${Math.round(longMs)} ms` : "no" }).toEqual({
      piece,
      slower: "no",
    });
  }
});
