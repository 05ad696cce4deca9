/** `/_audience/preview`: opens a signed link, puts the bar under the pages that follow, and leaves again. */

import { type BannerIndex, type Choice, findBanners } from "../core/banner.ts";
import { PREVIEW_STYLESHEET, writePreviewBar } from "../core/preview-bar.ts";
import { isPagePath } from "../core/signed-page.ts";
import type { Website } from "../core/website.ts";
import { describeError } from "./log.ts";
import { setOwnCookie } from "./own-cookie.ts";
import { watchPageType } from "./page-type.ts";
import type { ShownPreview } from "./preview.ts";
import { readPreviewToken } from "./preview-token.ts";
import { refuse, refuseMethod } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { modeOf } from "./switch.ts";

export function previewPath({ pathPrefix }: Pick<Website, "pathPrefix">): string {
  return `${pathPrefix ?? ""}/_audience/preview`;
}

/** `?link=TOKEN` opens; a POST to `?leave=/path` leaves. */
export async function servePreview(
  { method, url }: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  const { searchParams } = new URL(url);
  if (method === "POST")
    return goTo(ownPath(searchParams.get("leave")), setOwnCookie(website, "preview", "", 0));
  if (method !== "GET") return refuseMethod("GET, POST");
  const { previewSigner: signer, now } = services;
  if (signer === null)
    return refuse(503, "Previews are signed, and SIGNING_SECRET is not set: npm run secret:new makes one.");
  const nowMs = now();
  const opened = await readPreviewToken(signer, searchParams.get("link") ?? "", website, nowMs);
  if (!opened.ok) {
    return opened.error === "expired"
      ? refuse(410, "This preview has ended: ask for a new link.")
      : refuse(403, "This is no preview link of this website, or not all of it: ask for it again.");
  }
  const override = await services.switch.read(nowMs, waitUntil);
  if (modeOf(website, override.value) === "off")
    return refuse(
      409,
      "The Worker is turned off here, so there is nothing to preview: npm run on, or watch.",
    );
  const { path, expiresSeconds } = opened.value;
  const leftSeconds = expiresSeconds - Math.floor(nowMs / 1000);
  const token = searchParams.get("link") ?? "";
  return goTo(path, setOwnCookie(website, "preview", token, leftSeconds));
}

export function servePreviewStylesheet({ method }: Request): Response {
  if (method !== "GET" && method !== "HEAD") return refuseMethod("GET, HEAD");
  return new Response(PREVIEW_STYLESHEET, {
    headers: {
      "content-type": "text/css; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
    },
  });
}

function ownPath(written: string | null): string {
  return written !== null && isPagePath(written) ? written : "/";
}

/** The link is a key: it goes to no other page as a referrer, and no cache keeps where it led. */
function goTo(path: string, cookie: string): Response {
  return new Response(null, {
    status: 303,
    headers: {
      location: path,
      "set-cookie": cookie,
      "cache-control": "private, no-store",
      "referrer-policy": "no-referrer",
      "x-robots-tag": "noindex",
    },
  });
}

/** Whether a person is looking at the answer as a page: not a frame of it, a fragment or a picture. */
export function isPreviewedPage({ method, headers }: Request): boolean {
  return method === "GET" && (headers.get("sec-fetch-dest") ?? "document") === "document";
}

/** The page with the bar at its foot; where that can't be, the page. */
export function addPreviewBar(
  response: Response,
  shown: ShownPreview,
  choices: readonly Choice[],
  { website, request }: { readonly website: Website; readonly request: Request },
  { log, now }: Pick<Services, "log" | "now">,
): Response {
  if (shown.bar === "hidden") return response;
  const { pathname, search } = new URL(request.url);
  const rewriter = new HTMLRewriter();
  const isOfType = watchPageType(rewriter);
  const writeBar = () =>
    writePreviewBar({
      preview: shown.preview,
      campaigns: shown.campaigns,
      choices: choices.map((choice) => settlePageType(choice, shown.index, pathname, isOfType)),
      stylesheet: `${previewPath(website)}.css`,
      leave: `${previewPath(website)}?leave=${encodeURIComponent(pathname + search)}`,
    });
  try {
    rewriter.onDocument({ end: (end) => void end.append(writeBar(), { html: true }) });
    return rewriter.transform(response);
  } catch (error) {
    // An unknown charset: transform() throws before it reads, and the body is still whole.
    log.warn("preview-bar-left", { website: website.code, error: describeError(error) }, now());
    return response;
  }
}

/** At the end of a page it is known what its type decided. */
function settlePageType(
  choice: Choice,
  index: BannerIndex | null,
  path: string,
  isOfType: (pageTypes: readonly string[]) => boolean,
): Choice {
  if (choice.reason !== "page-type-decides" || index === null) return choice;
  const pageTypes = findBanners(index, path).find(({ id }) => id === choice.banner)?.pageTypes ?? [];
  if (isOfType(pageTypes)) return { ...choice, reason: "condition-holds" };
  return { ...choice, variant: null, reason: "other-page-type" };
}
