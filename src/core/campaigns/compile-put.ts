/** From a `put` as it is written to the edits that are meant, with every contradiction told. */

import { type Allowance, checkAttribute, checkHtml } from "../html.ts";
import { type Change, HTML_KINDS, type PlacedEdit, type Put } from "../put.ts";
import { parseSelector, tagOf } from "../selector.ts";
import { type Keys, quote, type Report } from "./compilation.ts";
import { readImage } from "./image.ts";
import type { OneChange, OnePut } from "./put.ts";

/** The banner's selector as written, and whether it stands for a dynamic block too. */
export interface PutPlace {
  readonly selector: string | undefined;
  readonly isBlock: boolean;
}

/** Of one store view. */
export function readPut(written: OnePut, place: PutPlace, at: Keys, report: Report): Put {
  const { edits, allow = [], ...own } = written;
  if (edits !== undefined) return readEdits(edits, own, allow, place, at, report);
  const changes = readChanges(own, place.selector, allow, at, report);
  const [only, ...more] = changes;
  if (only !== undefined && more.length === 0 && (only.kind === "content" || only.kind === "element")) {
    return { kind: only.kind, html: only.html };
  }
  const isPiece = only === undefined || (only.kind === "image" && more.length === 0);
  if (place.isBlock && !isPiece) report(at, blockCure);
  return { kind: "edits", edits: [{ selector: null, changes }] };
}

const blockCure =
  'a dynamic block has no page to edit; write "content" or "image" alone, or a banner of its own for the page';

function readEdits(
  written: NonNullable<OnePut["edits"]>,
  beside: OneChange,
  allow: Allowance,
  place: PutPlace,
  at: Keys,
  report: Report,
): Put {
  if (Object.keys(beside).length > 0) {
    report(at, `beside "edits" nothing else is written; move ${listKeys(beside)} into the list`);
  }
  if (place.isBlock) report(at, blockCure);
  const seen = new Set<string>();
  const edits = written.map(({ selector, ...own }, index): PlacedEdit => {
    const here = [...at, "edits", index];
    const parsed = selector === undefined ? null : parseSelector(selector);
    if (parsed && !parsed.ok) report([...here, "selector"], parsed.error);
    const target = selector ?? place.selector;
    const key = target?.trim() ?? "";
    if (seen.has(key)) {
      report(here, `a second edit at ${quote(key)}; write what is done there in one edit`);
    }
    seen.add(key);
    const changes = readChanges(own, target, allow, here, report);
    return { selector: parsed?.ok ? parsed.value : null, changes };
  });
  return { kind: "edits", edits };
}

function readChanges(
  written: OneChange,
  selector: string | undefined,
  allow: Allowance,
  at: Keys,
  report: Report,
): Change[] {
  refuseContradiction(written, selector, at, report);
  const changes: Change[] = [];
  if (written.attributes !== undefined) {
    const attributes = Object.entries(written.attributes);
    for (const [name, value] of attributes) {
      const problem = readAttributeProblem(name, value, allow);
      if (problem !== null) report([...at, "attributes", name], problem);
    }
    changes.push({ kind: "attributes", attributes });
  }
  if (written.addClass !== undefined) {
    const names = written.addClass.trim().split(/\s+/);
    if (!names.every((name) => /^[^\s"'<>&]+$/.test(name))) {
      report([...at, "addClass"], 'names of classes with spaces between, like "is-vip"');
    }
    changes.push({ kind: "class", names });
  }
  if (written.image !== undefined) {
    const image = readImage(written.image, written, selector, at, report);
    changes.push({ kind: "image", image });
  }
  if (written.cmsBlock !== undefined) changes.push({ kind: "cms-block", identifier: written.cmsBlock });
  if (written.from !== undefined) changes.push({ kind: "dynamic-blocks" });
  for (const kind of HTML_KINDS) {
    const text = written[kind];
    if (text === undefined) continue;
    for (const problem of checkHtml(text, allow)) report([...at, kind], problem);
    if (kind === "element" && text.trim() === "") {
      report([...at, kind], 'empty; it would remove the place: write "remove": true for that');
    }
    changes.push({ kind, html: text });
  }
  if (written.remove) changes.push({ kind: "remove" });
  return changes;
}

/** Two changes of which one would undo the other, or one that the element can't take. */
function refuseContradiction(written: OneChange, selector: string | undefined, at: Keys, report: Report) {
  const keys = Object.keys(written);
  if (keys.length === 0) report(at, 'nothing to do; write "content" with HTML, or "image" with a picture');
  const whole = (["content", "element", "remove", "image", "cmsBlock", "from"] as const).filter(
    (key) => key in written,
  );
  if (whole.length > 1) {
    const cure =
      'write exactly one of "content" (what the element contains), "element" (the element itself), "image"';
    const more = whole.filter((key) => key === "cmsBlock" || key === "from").map((key) => `, "${key}"`);
    report(at, `${cure}${more.join("")} and "remove"`);
  } else if ("element" in written || "remove" in written) {
    const lost = keys.filter((key) => /^(prepend|append|attributes|addClass)$/.test(key));
    if (lost.length > 0) report(at, `the element goes, and with it ${lost.map(quote).join(" and ")}`);
  }
  if (!("image" in written)) {
    for (const key of ["link", "heading"] as const) {
      if (key in written) report([...at, key], `only beside an "image"; write it into the HTML`);
    }
  }
  const isImg = selector !== undefined && tagOf(selector) === "img";
  if (isImg && keys.some((key) => /^(content|prepend|append|cmsBlock|from)$/.test(key))) {
    report(at, 'an <img> has no content; write "image", or "element" to put something else in its place');
  }
}

function readAttributeProblem(name: string, value: string | null, allow: Allowance): string | null {
  if (!/^[A-Za-z_:@][\w:.@-]*$/.test(name)) return "no name of an attribute";
  return value === null ? null : (checkAttribute("the element", name, value, allow)[0] ?? null);
}

function listKeys(written: object): string {
  return Object.keys(written).map(quote).join(" and ");
}
