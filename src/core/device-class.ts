/** Device class: mobile or desktop, as far as a request can tell. */

import type { SentHeaders } from "./page-view.ts";

export type DeviceClass = "mobile" | "desktop";

/**
 * `Sec-CH-UA-Mobile` (Chromium sends it unasked), else the word that every phone's User-Agent has (MDN, "Browser
 * detection using the user agent"). Tablets are desktops: they have its width, and most of them say so.
 */
export function deviceClassOf(headers: SentHeaders): DeviceClass {
  const hint = headers.get("sec-ch-ua-mobile");
  if (hint === "?1") return "mobile";
  if (hint === "?0") return "desktop";
  return /Mobi|iPhone|iPod|IEMobile|Opera Mini/.test(headers.get("user-agent") ?? "") ? "mobile" : "desktop";
}
