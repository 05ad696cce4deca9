/** Page views: whether a request is a person opening a page, as far as a request can tell. */

import { isbot } from "isbot";

/** The headers of a request that tell, lower-case names; null where one is not there. */
export interface SentHeaders {
  get(name: string): string | null;
}

export interface PageViewQuestion {
  readonly method: string;
  readonly headers: SentHeaders;
  /** Cloudflare knows the sender as a bot that says so. */
  readonly verifiedBot: boolean;
}

export type NoPageView = "method" | "prefetch" | "not-a-navigation" | "bot";

/**
 * Why a visitor whom nobody knows is not asked about; null: it is a page view. Asking makes a profile at
 * Adobe, so every sign against it counts. Browsers since 2023 send `Sec-Fetch-Mode`; simple bots do not.
 */
export function whyNoPageView({ method, headers, verifiedBot }: PageViewQuestion): NoPageView | null {
  if (method !== "GET") return "method";
  if (isPrefetch(headers)) return "prefetch";
  if (headers.get("sec-fetch-mode") !== "navigate") return "not-a-navigation";
  if ((headers.get("sec-fetch-dest") ?? "document") !== "document") return "not-a-navigation";
  return isBot(headers, verifiedBot) ? "bot" : null;
}

/**
 * Why nobody saw what was answered; null: somebody did. Less is asked than of a page view: a storefront that renders
 * itself does not navigate, and nothing is made at Adobe.
 */
export function whyNotCounted({
  method,
  headers,
  verifiedBot,
}: PageViewQuestion): Exclude<NoPageView, "not-a-navigation"> | null {
  if (method !== "GET" && method !== "POST") return "method";
  if (isPrefetch(headers)) return "prefetch";
  return isBot(headers, verifiedBot) ? "bot" : null;
}

function isBot(headers: SentHeaders, verifiedBot: boolean): boolean {
  const agent = headers.get("user-agent") ?? "";
  return verifiedBot || agent === "" || isbot(agent);
}

/** `Sec-Purpose` (Chrome, Safari), `Purpose` and `X-Purpose` (older ones), `X-Moz` (Firefox before 2024). */
export function isPrefetch(headers: SentHeaders): boolean {
  return ["sec-purpose", "purpose", "x-purpose", "x-moz"].some((name) =>
    /prefetch|prerender|preview/i.test(headers.get(name) ?? ""),
  );
}
