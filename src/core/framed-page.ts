/** The frame of Try it: what a signed address says of the one page that it shows, to whom and until when. */

import * as v from "valibot";
import type { AudienceId } from "./audience.ts";
import type { Result } from "./result.ts";
import { readSignedPage, signedPage } from "./signed-page.ts";

export interface FramedPage {
  /** With its query, as the platform writes it: this page and no other. */
  readonly path: string;
  readonly audiences: readonly AudienceId[];
  readonly trust: "verified" | "claimed";
  /** When it is looked at; null: when it is opened. */
  readonly atMs: number | null;
  /** Under which digest the campaigns are kept that are not published; null: the live ones. */
  readonly campaigns: string | null;
  readonly device: "mobile" | "desktop";
  /** By what splits deal; null: nobody knows this browser. */
  readonly visitor: string | null;
  /** The one origin that may show it in a frame. */
  readonly ancestor: string;
  readonly expiresSeconds: number;
}

/** In the query, behind all that is the page's own; it never goes to Commerce. */
export const FRAME_PARAMETER = "_audience_frame";

const framedPage = v.strictObject({
  ...signedPage,
  trust: v.picklist(["verified", "claimed"]),
  device: v.picklist(["mobile", "desktop"]),
  visitor: v.nullable(v.string()),
  ancestor: v.pipe(v.string(), v.regex(/^https?:\/\/[a-z0-9.:[\]-]+$/)),
});

/** The text that is signed. */
export function writeFramedPage(page: FramedPage): string {
  return JSON.stringify(page);
}

/** Of a text whose signature held. */
export function readFramedPage(text: string, nowSeconds: number): Result<FramedPage, "altered" | "expired"> {
  return readSignedPage(framedPage, text, nowSeconds);
}

/**
 * The page in that store view. By the query and not by the cookie: a Varnish in front of Commerce keeps one page for each
 * address, and would give others the store view of a cookie that comes without Commerce's own `X-Magento-Vary`.
 */
export function inStoreView(path: string, storeView: string | null): string {
  if (storeView === null || /[?&]___store=/.test(path)) return path;
  return `${path}${path.includes("?") ? "&" : "?"}___store=${storeView}`;
}

/** At the page's own address the token stands last. */
export function frameAddress(origin: string, path: string, token: string): string {
  return `${origin}${path}${path.includes("?") ? "&" : "?"}${FRAME_PARAMETER}=${token}`;
}

/** The page's own address and the token; null where there is none, or something stands behind it. */
export function splitFrameAddress(
  address: string,
): { readonly address: string; readonly token: string } | null {
  const [, own, token] = new RegExp(`^(.*)[?&]${FRAME_PARAMETER}=([A-Za-z0-9_.-]+)$`).exec(address) ?? [];
  return own === undefined || token === undefined ? null : { address: own, token };
}

/**
 * What such an answer's policies become: framed by the dashboard alone, and in an origin of its own wherever it is
 * opened, from where its scripts call nobody. The page's own policies stay beside it.
 */
export function framePolicies(own: string | null, ancestor: string): string {
  const kept = (own ?? "").split(",").map((policy) =>
    policy
      .split(";")
      .filter((directive) => !/^\s*frame-ancestors(?:\s|$)/i.test(directive))
      .join(";")
      .trim(),
  );
  const ours = `frame-ancestors ${ancestor}; sandbox allow-scripts; connect-src 'none'; form-action 'none'`;
  return [...kept.filter((policy) => policy !== ""), ours].join(", ");
}
