/** Trouble counted: beside the exposures, in Workers Analytics Engine, if it is bound. */

import { type Trouble, troublePoint, troublesOf, unsignedTrouble } from "../core/trouble.ts";
import { writePoints } from "./analytics.ts";
import type { Services } from "./services.ts";
import { isActing, type Visit } from "./visit.ts";

/** Of a page or a GraphQL answer. Never throws. */
export function countTroubles(
  visit: Visit,
  { status }: Response,
  originMs: number | null,
  services: Services,
): void {
  const { membership, website } = visit;
  const page = { status, originMs, deadlineMs: website.pageDeadlineMs };
  count(visit, () => troublesOf(membership, page), services);
}

/** Of a call of the Web SDK's whose answer was not signed. Never throws. */
export function countUnsigned(visit: Visit, reason: string | null, services: Services): void {
  count(visit, () => unsignedTrouble(reason), services);
}

function count(visit: Visit, troubles: () => readonly Trouble[], services: Services): void {
  if (services.analytics === null || !isActing(visit) || visit.preview !== null) return;
  writePoints(() => troubles().map((one) => troublePoint(one, visit.website.code)), services);
}
