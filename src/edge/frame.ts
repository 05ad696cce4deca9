/** The frame of Try it: one page of the shop as a made-up shopper sees it, from a signed address and without a cookie. */

import { FRAME_PARAMETER, type FramedPage, framePolicies, splitFrameAddress } from "../core/framed-page.ts";
import { isReservedPath } from "../core/path.ts";
import { fail, type Result } from "../core/result.ts";
import { trialMembership } from "../core/trial.ts";
import { belowPrefix } from "../core/virtual-host.ts";
import type { Website } from "../core/website.ts";
import { readFrameToken } from "./frame-token.ts";
import { isSealed } from "./origin.ts";
import { servePage } from "./page.ts";
import type { ShownPreview } from "./preview.ts";
import { makePrivate } from "./private-answer.ts";
import { refuse, refuseMethod } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import type { SignatureFailure } from "./signing.ts";
import { openVisit, type Visit } from "./visit.ts";

export function isFramed(url: string): boolean {
  return url.includes(FRAME_PARAMETER);
}

export async function serveFrame(
  request: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  if (request.method !== "GET") return refuseMethod("GET");
  if (services.frameSigner === null) return refuse(503, "Frames are signed, and SIGNING_SECRET is not set.");
  const split = splitFrameAddress(request.url);
  const opened: Result<FramedPage, SignatureFailure | "expired"> =
    split === null
      ? fail("altered")
      : await readFrameToken(services.frameSigner, split.token, website, services.now());
  if (split === null || !opened.ok) {
    return !opened.ok && opened.error === "expired"
      ? refuse(410, "This frame has ended: reload the dashboard.")
      : refuse(403, "This is no frame of this website's, or not all of it.");
  }
  const page = opened.value;
  const { origin, pathname } = new URL(split.address);
  const path = split.address.slice(origin.length);
  if (path !== page.path) return refuse(403, "This frame shows another page.");
  if (isReservedPath(belowPrefix(pathname, website), services.adminPath)) {
    return refuse(403, "No banner may stand on this page.");
  }
  const visit = await openVisit(asStranger(request, split.address, page), website, services, waitUntil);
  if (visit.mode === "off")
    return refuse(409, "The Worker is turned off here, so there is nothing to preview.");
  const shown = await showPage(page, website, visit, services);
  const response = await servePage(pretend(visit, page, shown), services, waitUntil);
  return isSealed(response) ? refuse(502, "The shop's answer can't be framed.") : frame(response, page);
}

/** What Cloudflare or a proxy of the operator's says of the way here; Commerce redirects without it. */
const vouched = /^(?:cf-.*|true-client-ip|x-real-ip|x-forwarded-for|x-forwarded-proto|accept.*)$/;

/** Chrome's own reduced User-Agent of a phone and of a desk. */
const agents = {
  mobile:
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
  desktop:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
} as const;

/** A request of nobody's: whoever looks at the dashboard may be signed in to the shop in the same browser. */
function asStranger({ headers: sent }: Request, url: string, { device }: FramedPage): Request {
  const headers = new Headers([...sent].filter(([name]) => vouched.test(name)));
  headers.set("user-agent", agents[device]);
  headers.set("sec-ch-ua-mobile", device === "mobile" ? "?1" : "?0");
  headers.set("sec-fetch-dest", "document");
  return new Request(url, { headers, redirect: "manual" });
}

async function showPage(
  { path, audiences, trust, atMs, campaigns, expiresSeconds }: FramedPage,
  website: Website,
  { index, startedAtMs }: Visit,
  { drafts }: Services,
): Promise<ShownPreview> {
  const preview = { path, audiences, names: [], atMs, campaigns, split: null, expiresSeconds };
  const about = { preview, membership: trialMembership(audiences, trust), bar: "hidden" } as const;
  if (campaigns === null) return { ...about, campaigns: "live", index };
  const draft = await drafts.load(campaigns, website, startedAtMs).catch(() => null);
  return { ...about, campaigns: draft === null ? "gone" : "draft", index: draft };
}

/** As after a no to consent: nobody is asked, nothing is told and nothing is kept for a shopper who is made up. */
function pretend(visit: Visit, { visitor }: FramedPage, preview: ShownPreview): Visit {
  const claims = { ...visit.claims, consent: { kind: "refused", reason: "cookie-restriction" } } as const;
  return { ...visit, claims, ecid: null, device: null, visitor, preview };
}

function frame(response: Response, { ancestor, path }: FramedPage): Response {
  const { status, headers } = response;
  const location = headers.get("location");
  const shown =
    status >= 300 && status < 400 && location !== null
      ? refuse(409, `The shop leads from ${path} to another address: try ${pathOf(location)}`)
      : response;
  for (const name of ["set-cookie", "x-frame-options", "content-security-policy-report-only", "location"]) {
    shown.headers.delete(name);
  }
  const policies = framePolicies(shown.headers.get("content-security-policy"), ancestor);
  shown.headers.set("content-security-policy", policies);
  // The address is a key: it goes to no other page as a referrer.
  shown.headers.set("referrer-policy", "no-referrer");
  shown.headers.set("x-robots-tag", "noindex");
  makePrivate(shown.headers);
  return shown;
}

function pathOf(location: string): string {
  const base = "https://path.invalid";
  if (!URL.canParse(location, base)) return "another one.";
  const { pathname, search } = new URL(location, base);
  return pathname + search;
}
