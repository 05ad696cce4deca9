/** Exposures as Adobe hears of them: XDM display events for the Edge Network, and what a page pushes into its data layer. */

import type { Choice } from "./banner.ts";
import { markOf } from "./banner-mark.ts";
import { type BannerPlace, type ContentPolicy, letsScriptsRun, scriptNonceOf } from "./content-policy.ts";
import { isControl } from "./exposure.ts";
import type { Edit } from "./page.ts";
import type { Change } from "./put.ts";

export interface ExposureVisitor {
  readonly ecid: string | null;
  /** Our own device id, where Adobe may know it; it counts only without an ECID. */
  readonly fpid: string | null;
}

/** The body of `POST …/ee/v2/collect`; null: nothing to tell, or nobody to tell it of. All of one answer is one call. */
export function buildExposureEvents(
  choices: readonly Choice[],
  visitor: ExposureVisitor,
  { website, timestampIso }: { readonly website: string; readonly timestampIso: string },
): string | null {
  const identityMap = identityMapOf(visitor);
  if (identityMap === null) return null;
  const propose = (choice: Choice) => propositionOf(choice, website);
  // "other-share" is the rest of a split: there is no variant of which it could be said.
  const kept = choices.filter((choice) => isControl(choice) && keptBack(choice) !== null).map(propose);
  const shown = choices.filter(({ variant }) => variant !== null).map(propose);
  const event = (eventType: string, type: string, propositions: readonly unknown[]) => ({
    xdm: {
      identityMap,
      timestamp: timestampIso,
      eventType,
      _experience: { decisioning: { propositionEventType: { [type]: 1 }, propositions } },
    },
  });
  const events = [
    ...(shown.length > 0 ? [event("decisioning.propositionDisplay", "display", shown)] : []),
    ...(kept.length > 0 ? [event("decisioning.propositionSuppressDisplay", "suppressDisplay", kept)] : []),
  ];
  return events.length === 0 ? null : JSON.stringify({ events });
}

function identityMapOf({ ecid, fpid }: ExposureVisitor) {
  const identity = (id: string) => [{ id, primary: true, authenticatedState: "ambiguous" }];
  if (ecid !== null) return { ECID: identity(ecid) };
  return fpid === null ? null : { FPID: identity(fpid) };
}

function propositionOf(choice: Choice, website: string) {
  const { banner } = choice;
  const variant = choice.variant ?? keptBack(choice) ?? "";
  return {
    id: markOf(website, banner, { id: variant, publicName: null }),
    scope: banner,
    scopeDetails: {
      decisionProvider: "edge-audiences",
      activity: { id: `${website}:${banner}` },
      experience: { id: variant },
    },
    items: [{ id: variant }],
  };
}

/** The variant that a holdout keeps back. */
function keptBack({ reason, passed }: Choice): string | null {
  return reason === "holdout" ? (passed.at(-1)?.variant ?? null) : null;
}

/**
 * With a script before the first place of each banner that says in `adobeDataLayer` that it is shown, and takes itself
 * out of the page again, so that no style sheet counts it. A banner whose place is missing says nothing. Where the
 * page's policy would refuse it, there is none: the mark is there to be read.
 */
export function pushExposures(
  places: readonly BannerPlace[],
  edits: readonly Edit[],
  policy: ContentPolicy | null,
): readonly BannerPlace[] {
  const nonce = policy && scriptNonceOf(policy);
  if (policy !== null && nonce === null && !letsScriptsRun(policy)) return places;
  const marks = new Map(edits.map(({ banner, mark }) => [banner, mark]));
  return places.map((place) => {
    const mark = marks.get(place.banner) ?? null;
    if (mark === null || !place.changes.some(({ kind }) => kind !== "remove")) return place;
    marks.delete(place.banner);
    const script: Change = { kind: "before", html: scriptOf(mark, nonce) };
    return { ...place, changes: [...place.changes, script] };
  });
}

function scriptOf(mark: string, nonce: string | null): string {
  const event = JSON.stringify({ event: "audience-banner-shown", eventInfo: { banner: mark } });
  const push = `(window.adobeDataLayer=window.adobeDataLayer||[]).push(${event});document.currentScript.remove()`;
  return `<script${nonce === null ? "" : ` nonce="${nonce}"`}>${push}</script>`;
}
