/** The shop's two store views: English at the root, French under /fr/. */

import { english, french, type Texts } from "./texts.ts";

export interface StoreView {
  readonly code: "default" | "fr";
  readonly id: "1" | "2";
  readonly name: string;
  /** Stands before every path of this view. */
  readonly prefix: "" | "fr/";
  readonly lang: "en" | "fr";
  readonly locale: "en_US" | "fr_FR";
  readonly texts: Texts;
}

export const englishView: StoreView = {
  code: "default",
  id: "1",
  name: "English",
  prefix: "",
  lang: "en",
  locale: "en_US",
  texts: english,
};

export const frenchView: StoreView = {
  code: "fr",
  id: "2",
  name: "Français",
  prefix: "fr/",
  lang: "fr",
  locale: "fr_FR",
  texts: french,
};

export const storeViews: readonly StoreView[] = [englishView, frenchView];

export function findStoreView(code: string): StoreView | null {
  return storeViews.find((view) => view.code === code) ?? null;
}

/** `/index.php` may stand before any path: it is what the web server calls for all of them. */
export function withoutScript(pathname: string): string {
  return pathname.replace(/^\/+index\.php(?=\/|$)/, "").replace(/^\/*/, "/");
}

/** The view that a path belongs to, and the path without the view's prefix. */
export function splitPath(written: string): { readonly view: StoreView; readonly path: string } {
  const pathname = withoutScript(written);
  if (pathname === "/fr" || pathname.startsWith("/fr/")) {
    return { view: frenchView, path: pathname.slice(3) || "/" };
  }
  return { view: englishView, path: pathname };
}

export function formatPrice(cents: number, view: StoreView): string {
  const [whole = "0", fraction = "00"] = (Math.abs(cents) / 100).toFixed(2).split(".");
  const sign = cents < 0 ? "-" : "";
  if (view.lang === "fr") return `${sign}${group(whole, "\u202f")},${fraction}\u00a0$US`;
  return `${sign}$${group(whole, ",")}.${fraction}`;
}

function group(digits: string, separator: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, separator);
}
