/** A page's answer, finished: kept out of caches, and edited where the plan says so and the answer lets us. */

import { parseContentPolicy, placeEdits, styleNonceOf } from "../core/content-policy.ts";
import { pushExposures } from "../core/exposure-event.ts";
import type { EditReport } from "../core/opening.ts";
import type { Edit, PagePlan } from "../core/page.ts";
import { announcedImage } from "../core/put.ts";
import { editPage } from "./edit.ts";
import { countBanners } from "./exposure.ts";
import { announce } from "./image.ts";
import { editKnownPage } from "./known-page.ts";
import { describeError } from "./log.ts";
import type { Placed } from "./openings.ts";
import { isSealed, openResponse } from "./origin.ts";
import { recallPage } from "./page-memory.ts";
import { makePrivate } from "./private-answer.ts";
import type { WaitUntil } from "./replica.ts";
import { allowedBy, type FillShell } from "./rotator.ts";
import type { Services } from "./services.ts";
import { urlOf } from "./url.ts";
import type { Visit } from "./visit.ts";

export interface FinishedPage {
  readonly response: Response;
  /** Why an edit that was planned is not made. */
  readonly left: string | null;
  /** How the places of its edits are found; null: nothing is edited. */
  readonly placed: Placed | null;
}

const UNEDITED = { placed: null } as const;

interface Hands {
  readonly fill: FillShell;
  readonly services: Services;
  readonly waitUntil: WaitUntil;
}

/**
 * Every answer on a path that a banner names is private, whoever the shopper is: the default page that
 * Magento calls public for a day would else sit in the browser when the shopper becomes a VIP. `answer` is the one
 * that Commerce gave; what is finished is another, whose headers can be changed.
 */
export function finishPage(answer: Response, plan: PagePlan, visit: Visit, hands: Hands): FinishedPage {
  const uneditable = whyUneditable(answer, visit);
  const reason = plan.kind === "personalize" ? uneditable : null;
  if (isSealed(answer)) return { ...UNEDITED, response: answer, left: reason };
  const count = (shown: readonly string[]) => {
    if (uneditable !== null || plan.kind === "pass") return;
    const page = { kind: "page", path: visit.path, choices: plan.choices, shown } as const;
    countBanners(visit, page, hands.services, hands.waitUntil);
  };
  const edited =
    plan.kind === "personalize" && reason === null ? tryEdit(answer, plan.edits, visit, count, hands) : null;
  if (edited === null) count([]);
  const finished = edited ?? { ...UNEDITED, response: openResponse(answer), left: reason };
  makePrivate(finished.response.headers);
  finished.response.headers.delete("content-length");
  return finished;
}

function tryEdit(
  answer: Response,
  edits: readonly Edit[],
  visit: Visit,
  count: (shown: readonly string[]) => void,
  hands: Hands,
): FinishedPage {
  try {
    return editVisit(answer, edits, visit, count, hands);
  } catch (error) {
    // An unknown charset: transform() throws before it reads, and the body is still whole.
    hands.services.log.warn("edit-refused", { error: describeError(error) }, hands.services.now());
    return { ...UNEDITED, response: openResponse(answer), left: "charset" };
  }
}

export function whyUneditable(response: Response, visit: Visit): string | null {
  const { headers } = response;
  if (visit.request.method !== "GET") return "method";
  if (response.status !== 200) return "status";
  if (response.body === null) return "no-body";
  if (!/^text\/html\s*(;|$)/i.test(headers.get("content-type") ?? "")) return "not-html";
  if (/^\s*attachment/i.test(headers.get("content-disposition") ?? "")) return "download";
  if (!/^(identity|gzip|br)?$/i.test(headers.get("content-encoding")?.trim() ?? "")) return "coding";
  if (Number(headers.get("content-length") ?? 0) > visit.website.maxPageBytes) return "too-long";
  return null;
}

/** `left`: a policy of the page's refuses some of it. The rest of what went wrong shows as the page goes by. */
function editVisit(
  response: Response,
  edits: readonly Edit[],
  visit: Visit,
  count: (shown: readonly string[]) => void,
  { fill, services, waitUntil }: Hands,
): FinishedPage {
  const warn = (event: string, details: Readonly<Record<string, unknown>>, subject: string) => {
    const all = { website: visit.website.code, path: visit.path, ...details };
    services.log.warn(event, all, services.now(), `${visit.website.code} ${subject}`);
  };
  const policy = parseContentPolicy(response.headers.get("content-security-policy"));
  const { host } = urlOf(visit.request);
  const { places: allowed, refused } = placeEdits(edits, policy, host);
  const tells = visit.website.exposures.includes("data-layer");
  const places = tells ? pushExposures(allowed, edits, policy) : allowed;
  for (const banner of refused) {
    warn("edit-left", { banner, reason: "content-policy" }, `${banner} content-policy`);
  }
  const left = refused.length > 0 ? "content-policy" : null;
  if (places.length === 0) {
    count([]);
    return { ...UNEDITED, response: openResponse(response), left };
  }
  const image = announcedImage(places);
  const frame = {
    nonce: policy && styleNonceOf(policy),
    announced: image !== null,
    fill: policy === null ? fill : allowedBy(policy, host, fill),
    bounds: {
      page: `${visit.website.code} ${visit.path}`,
      maxPageBytes: visit.website.maxPageBytes,
      nowMs: visit.startedAtMs,
    },
  };
  const tell = (report: EditReport) => {
    if (report.missing.length > 0) warn("place-missing", { banners: report.missing }, report.missing.join());
    if (report.taken.length > 0) warn("place-taken", { banners: report.taken }, report.taken.join());
    for (const one of report.left) warn("edit-left", one, `${one.banner} ${one.reason}`);
    count(report.made);
  };
  const { memory, placed } = recallPage(response, visit, places, frame);
  const fail = (error: unknown) => warn("not-learned", { error: describeError(error) }, visit.path);
  const edited =
    memory === null
      ? editPage(response, places, frame, tell)
      : editKnownPage(response, { places, frame, memory, tell, fail }, waitUntil);
  if (image !== null) announce(edited.headers, image);
  if (isCompressedBehindUs(visit.request)) edited.headers.delete("content-encoding");
  return { response: edited, left, placed };
}

/**
 * What came compressed was read plain to be edited. Cloudflare's edge compresses what comes to it plain, in the best
 * coding that the browser reads; here it would cost more than all the rest (docs/decisions/011-compression.md).
 */
function isCompressedBehindUs({ cf }: Request): boolean {
  const fromEdge = (cf as { readonly clientAcceptEncoding?: unknown } | undefined)?.clientAcceptEncoding;
  return typeof fromEdge === "string";
}
