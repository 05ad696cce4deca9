/** Adobe Commerce's rotator in the page that goes by: filled as Knockout would have, and taken out of its hands. */

import { allowsPlace, type ContentPolicy } from "../core/content-policy.ts";
import type { Place } from "../core/put.ts";
import {
  type Filled,
  type FillProblem,
  isShell,
  rotatorHtml,
  type ShellAttributes,
} from "../core/rotator.ts";

/** What a rotator with these attributes gets, at that banner's place. */
export type FillShell = (banner: string, attributes: ShellAttributes) => Filled | Promise<Filled>;

/** Why it stays as it is; null where it was filled, or nothing of the place is a rotator's. */
export function fillRotator(
  element: Element,
  { banner, changes }: Place & { readonly banner: string },
  fill: FillShell,
): FillProblem | null | Promise<FillProblem | null> {
  const change = changes.find(({ kind }) => kind === "rotator" || kind === "dynamic-blocks");
  if (change === undefined) return null;
  const attributes = attributesOf(element);
  if (change.kind === "rotator" && change.shell === JSON.stringify(attributes)) {
    takeOver(element, change.html);
    return null;
  }
  const put = (filled: Filled): FillProblem | null => {
    if (filled.html !== null) takeOver(element, filled.html);
    return filled.reason;
  };
  const filled = fill(banner, attributes);
  return filled instanceof Promise ? filled.then(put) : put(filled);
}

/** The same, but that what the page's policy would refuse is left out. `host` is the page's own. */
export function allowedBy(policy: ContentPolicy, host: string, fill: FillShell): FillShell {
  const judge = (filled: Filled): Filled => {
    if (filled.html === null) return filled;
    const place: Place = { selector: "*", changes: [{ kind: "content", html: filled.html }] };
    if (allowsPlace(policy, place, host)) return filled;
    return { html: null, reason: "content-policy", blocks: filled.blocks };
  };
  return (banner, attributes) => {
    const filled = fill(banner, attributes);
    return filled instanceof Promise ? filled.then(judge) : judge(filled);
  };
}

/** In place of what the element contains; in a rotator as one of its blocks. */
export function putContent(element: Element, html: string): void {
  if (isShell(element.getAttribute("data-bind"))) takeOver(element, rotatorHtml([{ uid: null, html }]));
  else element.setInnerContent(html, { html: true });
}

/** Without its binding Knockout passes it by, and what was in it named bindings that would then be nobody's. */
function takeOver(element: Element, html: string): void {
  element.removeAttribute("data-bind");
  element.setInnerContent(html, { html: true });
}

function attributesOf(element: Element): ShellAttributes {
  return {
    dataBind: element.getAttribute("data-bind"),
    uids: element.getAttribute("data-uids"),
    ids: element.getAttribute("data-ids"),
    displayMode: element.getAttribute("data-display-mode"),
    types: element.getAttribute("data-types"),
    rotate: element.getAttribute("data-rotate"),
  };
}
