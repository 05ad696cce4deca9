/** Pages: plan, ask the origin, and stream its answer, edited where there is something to edit. */

import { changesCustomer } from "../core/account.ts";
import { type PagePlan, planPage } from "../core/page.ts";
import { isReservedPath } from "../core/path.ts";
import { carriesMembership, planUpstream, type UpstreamPlan } from "../core/upstream.ts";
import { belowPrefix } from "../core/virtual-host.ts";
import { guardCoupons } from "./coupon-door.ts";
import { endDevice } from "./device.ts";
import { tellOutcome } from "./explain.ts";
import { describeError } from "./log.ts";
import { countSuccessPage } from "./order.ts";
import { askOrigin, isSealed, openResponse } from "./origin.ts";
import { isUpgrade } from "./origin-headers.ts";
import { finishPage, whyUneditable } from "./page-answer.ts";
import { openPageContent } from "./page-content.ts";
import { passedMembership } from "./passing.ts";
import { bannerView, type ShownPreview } from "./preview.ts";
import { addPreviewBar, isPreviewedPage } from "./preview-endpoint.ts";
import { makePrivate } from "./private-answer.ts";
import { endMembership, reloadAnswered } from "./private-content.ts";
import { type Answered, openQuestion } from "./question.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isStagingPreview, numberVisitor, shopperOf } from "./shopper.ts";
import { isActing, isConsentRefused, type Visit, whyNotActing } from "./visit.ts";
import { forgetWord } from "./word.ts";

export async function servePage(asked: Visit, services: Services, waitUntil: WaitUntil): Promise<Response> {
  const visit = await guardCoupons(asked, services, waitUntil);
  return visit instanceof Response ? visit : serveGuarded(visit, services, waitUntil);
}

async function serveGuarded(visit: Visit, services: Services, waitUntil: WaitUntil): Promise<Response> {
  const before = planVisit(visit, services);
  const acting = isActing(visit);
  const previewed = findPreview(visit, before.plan, services);
  const editable = (acting && before.plan.kind !== "pass") || previewed !== null;
  const content = editable
    ? openPageContent(visit, { path: visit.path, store: null }, services, waitUntil)
    : null;
  content?.gather(before.plan);
  const question = openPageQuestion(visit, editable && previewed === null, services, waitUntil);
  // What Commerce is told has to be known first; a page is asked for meanwhile, it is the same for everybody.
  const told = question?.first ? await question.join() : { visit, cookies: [] };
  const { upstream } = question?.first ? planVisit(told.visit, services) : before;
  const askedAtMs = services.now();
  const answer = await askOrigin(
    visit.request,
    {
      website: visit.website,
      membership: acting ? upstream : passedMembership(visit, { graphql: false }),
      editable,
      deadlineMs: editable ? visit.website.pageDeadlineMs : null,
    },
    services,
  );
  const originMs = services.now() - askedAtMs;
  const joined = question && !question.first ? await question.join() : told;
  const known =
    editable && answer.status === 200
      ? await numberVisitor(
          joined,
          joined.visit === visit ? before.plan : planVisit(joined.visit, services).plan,
          services,
        )
      : joined;
  const planned = known.visit === visit ? before : planVisit(known.visit, services);
  const isPage = answer.status === 200;
  const plan = content && isPage ? await content.fill(planned.plan, known.visit) : planned.plan;
  const fill = content?.fillerFor(known.visit);
  const {
    response: finished,
    left,
    placed,
  } = fill
    ? finishPage(answer, plan, known.visit, { fill, services, waitUntil })
    : { response: openResponse(answer), left: null, placed: null };
  const shown = previewed !== null && whyUneditable(finished, visit) === null ? previewed : null;
  const choices = plan.kind === "pass" ? [] : plan.choices;
  const response = shown === null ? finished : addPreviewBar(finished, shown, choices, visit, services);
  if (acting) keepMembership(response, known, editable, services, waitUntil);
  countSuccessPage(known.visit, response, services);
  return tellOutcome(
    response,
    known.visit,
    {
      kind: "page",
      plan: plan.kind,
      reason: previewed ? "preview" : (whyNotActing(visit) ?? (plan.kind === "pass" ? plan.reason : null)),
      choices,
      upstream,
      left,
      placed,
      originMs,
    },
    services,
  );
}

/** A preview acts on pages that may be edited, also while the website only watches. */
function findPreview(visit: Visit, plan: PagePlan, { adminPath }: Services): ShownPreview | null {
  const { preview, request, website, path } = visit;
  if (preview === null || isUpgrade(request) || !isPreviewedPage(request)) return null;
  return plan.kind === "pass" && isReservedPath(belowPrefix(path, website), adminPath) ? null : preview;
}

/** Adobe is asked only where its answer changes this very answer: a banner's page, or what Commerce is told. */
function openPageQuestion(visit: Visit, editable: boolean, services: Services, waitUntil: WaitUntil) {
  const told = isToldUpstream(visit);
  if ((!told && !editable) || mayChangeCustomer(visit)) return null;
  const question = openQuestion(visit, services, waitUntil);
  return question && { first: told && question.urgent, join: question.join };
}

function mayChangeCustomer({ website, path }: Visit): boolean {
  return changesCustomer(belowPrefix(path, website));
}

function isToldUpstream({ website, path, request }: Visit): boolean {
  return carriesMembership({ website, method: request.method, path, graphql: false });
}

/**
 * Adobe's word is kept at the browser, on answers that no cache stores; after a no to consent it is not, nor
 * our device id. Two customers on one browser: where that may begin, what Adobe said of the one must not count
 * for the other.
 */
export function keepMembership(
  response: Response,
  { visit, cookies }: Answered,
  editable: boolean,
  services: Services,
  waitUntil: WaitUntil,
): void {
  if (isSealed(response)) return;
  const changed = mayChangeCustomer(visit);
  const refused = isConsentRefused(visit) && (editable || isToldUpstream(visit));
  const ended = changed || refused ? endMembership(visit) : [];
  if (changed || ended.length > 0) waitUntil(forgetWord(visit, services));
  const lines = ended.length > 0 ? ended : [...cookies, ...reloadAnswered(visit)];
  if (refused) lines.push(...endDevice(visit.request, visit.website));
  for (const line of lines) response.headers.append("set-cookie", line);
  if (lines.length > 0 && /^(?:GET|HEAD)$/.test(visit.request.method)) makePrivate(response.headers);
}

/** Never throws: a plan that can't be made is to leave the page alone. */
function planVisit(visit: Visit, services: Services): { plan: PagePlan; upstream: UpstreamPlan } {
  const nothing: UpstreamPlan = { kind: "none", reason: "no-membership" };
  try {
    if (visit.mode === "off") return { plan: { kind: "pass", reason: "no-campaigns" }, upstream: nothing };
    const { request, website, path, index } = visit;
    const shopper = shopperOf(visit);
    const question = { ...shopper, website, method: request.method, path };
    return {
      plan: planPage({
        ...question,
        upgrade: isUpgrade(request),
        pageTypes: null,
        adminPath: services.adminPath,
        stagingPreview: isStagingPreview(request),
        ...bannerView(visit),
      }),
      upstream: planUpstream({ ...question, graphql: false, preferred: index?.audiences ?? new Set() }),
    };
  } catch (error) {
    services.log.warn("plan-failed", { error: describeError(error) }, services.now());
    return { plan: { kind: "pass", reason: "no-campaigns" }, upstream: nothing };
  }
}
