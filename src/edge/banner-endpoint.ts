/** `GET /_audience/banners?path=/`: a storefront that renders itself asks for the content of its shopper's banners. */

import type { Choice } from "../core/banner.ts";
import { answerBanners, parseBannersQuestion } from "../core/banner-answer.ts";
import { type PagePlan, planPage } from "../core/page.ts";
import type { Website } from "../core/website.ts";
import { tellBanners } from "./explain.ts";
import { countBanners } from "./exposure.ts";
import { describeError } from "./log.ts";
import { keepMembership } from "./page.ts";
import { openPageContent } from "./page-content.ts";
import { bannerView } from "./preview.ts";
import { openQuestion } from "./question.ts";
import { refuseMethod, refuseProblem } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isStagingPreview, shopperOf } from "./shopper.ts";
import { isActing, openVisit, type Visit, whyNotActing } from "./visit.ts";

const METHODS = "GET, HEAD, OPTIONS";

/** Of a website; one that shares its host has it below its own prefix. */
export function bannersPath({ pathPrefix }: Pick<Website, "pathPrefix">): string {
  return `${pathPrefix ?? ""}/_audience/banners`;
}

/**
 * As a page of that path would be served: the same plan, the same question to Adobe within the same budget, the same
 * cookies. Never worse than an empty list, with which the storefront shows its own.
 */
export async function serveBanners(
  request: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  const { method } = request;
  if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: METHODS } });
  if (method !== "GET" && method !== "HEAD") return refuseMethod(METHODS);
  const asked = parseBannersQuestion(new URL(request.url).searchParams);
  if (!asked.ok) return refuseProblem(400, "Bad Request", asked.error);
  const path = pathOf(asked.value.path);
  if (path === null) return refuseProblem(400, "Bad Request", "That is no path of a page.");

  const visit = await openVisit(request, website, services, waitUntil);
  const before = planBanners(visit, path, services);
  // Also for a banner that does not stand there: what is asked for must not be seen in the cookies of the answer.
  const stands = before.kind !== "pass" && isActing(visit) && visit.preview === null;
  const content = openPageContent(visit, { path, store: request.headers.get("store") }, services, waitUntil);
  if (stands) content.gather(before);
  const question = stands ? openQuestion(visit, services, waitUntil) : null;
  const known = (await question?.join()) ?? { visit, cookies: [] };
  const planned = known.visit === visit ? before : planBanners(known.visit, path, services);
  const plan = isActing(visit) || visit.preview ? await content.fill(planned, known.visit) : planned;
  const { banner } = asked.value;
  const answer = answerBanners(isActing(visit) || visit.preview ? plan : NOTHING, banner);
  const response = Response.json(answer, {
    headers: { "cache-control": "private, no-store", "x-content-type-options": "nosniff" },
  });
  if (isActing(visit)) keepMembership(response, known, true, services, waitUntil);
  const choices = choicesOf(plan).filter((choice) => banner === null || choice.banner === banner);
  const shown = answer.banners.map((one) => one.banner);
  countBanners(known.visit, { kind: "headless", path, choices, shown }, services, waitUntil);
  return tellBanners(
    response,
    known.visit,
    { reason: visit.preview ? "preview" : whyNotActing(visit), choices },
    services,
  );
}

const NOTHING: PagePlan = { kind: "pass", reason: "no-banner-here" };

/** As the platform writes a page's path; null where it can't be one. */
function pathOf(written: string): string | null {
  const url = `https://path.invalid${written}`;
  return URL.canParse(url) ? new URL(url).pathname : null;
}

/** Never throws. */
function planBanners(visit: Visit, path: string, services: Services): PagePlan {
  try {
    if (visit.mode === "off") return NOTHING;
    const { website } = visit;
    const { adminPath } = services;
    return planPage({
      ...shopperOf({ ...visit, path }, visit.request.headers.get("store")),
      website,
      method: "GET",
      path,
      upgrade: false,
      pageTypes: null,
      adminPath,
      stagingPreview: isStagingPreview(visit.request),
      ...bannerView(visit),
    });
  } catch (error) {
    services.log.warn("plan-failed", { error: describeError(error) }, services.now());
    return NOTHING;
  }
}

function choicesOf(plan: PagePlan): readonly Choice[] {
  return plan.kind === "pass" ? [] : plan.choices;
}
