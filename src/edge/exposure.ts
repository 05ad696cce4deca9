/** Exposures written: to Workers Analytics Engine, where it is bound; whatever fails there, the answer is as it is. */

import { type Choice, findBanners } from "../core/banner.ts";
import { deviceClassOf } from "../core/device-class.ts";
import {
  type CountedKind,
  exposedChoices,
  exposuresOf,
  type Shown,
  shownBlocks,
  standsOnAnyPage,
} from "../core/exposure.ts";
import type { GraphqlPlan } from "../core/graphql.ts";
import { whyNotCounted } from "../core/page-view.ts";
import { writePoints } from "./analytics.ts";
import { tellExposures } from "./exposure-event.ts";
import { isVerifiedBot } from "./question.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit } from "./visit.ts";

/** Of a page at that path; `shown` are the banners that are really in the answer. */
export function countBanners(
  visit: Visit,
  counted: {
    readonly kind: CountedKind;
    readonly path: string;
    readonly choices: readonly Choice[];
    readonly shown: readonly string[];
  },
  services: Services,
  waitUntil: WaitUntil,
): void {
  const { kind, path, choices } = counted;
  const shown = () => ({
    banners: new Set(counted.shown),
    possible: standsOnAnyPage(visit.index === null ? [] : findBanners(visit.index, path)),
  });
  countExposures(visit, choices, kind, shown, services, waitUntil);
}

/** Of dynamic blocks that banners stand for. Where we left the client's document alone, nothing of ours is in its answer. */
export function countBlocks(
  visit: Visit,
  plan: GraphqlPlan,
  { response, finished }: { readonly response: Response; readonly finished: boolean },
  services: Services,
  waitUntil: WaitUntil,
): void {
  if (plan.kind === "refuse" || response.status !== 200 || visit.index === null) return;
  const { blocks } = plan;
  if (blocks.kind === "filter" || (blocks.kind === "edge" && !finished)) return;
  if (blocks.kind === "none" && blocks.reason !== "default-stands") return;
  const { blocks: banners } = visit.index;
  const shown = () => ({
    banners: blocks.kind === "none" ? new Set<string>() : shownBlocks(banners, blocks.choices),
    possible: () => true,
  });
  countExposures(visit, blocks.choices, "headless", shown, services, waitUntil);
}

/** Nothing is counted of what nobody saw live: previews, bots, what a browser fetches ahead. */
function countExposures(
  visit: Visit,
  choices: readonly Choice[],
  kind: CountedKind,
  shown: () => Shown,
  services: Services,
  waitUntil: WaitUntil,
): void {
  const { website, membership, request, preview } = visit;
  const { method, headers } = request;
  const told = website.exposures.includes("edge-network");
  if ((services.analytics === null && !told) || !isActing(visit) || preview !== null) return;
  if (whyNotCounted({ method, headers, verifiedBot: isVerifiedBot(request) }) !== null) return;
  const counted = { website: website.code, membership, device: deviceClassOf(headers) };
  writePoints(() => exposuresOf(choices, shown(), kind, counted), services);
  if (told) tellExposures(visit, exposedChoices(choices, shown()), services, waitUntil);
}
