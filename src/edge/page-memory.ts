/** Which answers may be compared with what was learned, and under which name that is remembered. */

import type { BannerPlace } from "../core/content-policy.ts";
import type { Change } from "../core/put.ts";
import type { Frame } from "./edit.ts";
import { learnedOpenings, type PageMemory, type Placed, type SearchReason } from "./openings.ts";
import type { Visit } from "./visit.ts";

/** null: the answer is not one that may be compared or learned from, or there is nothing to learn from yet. */
export function recallPage(
  { headers }: Response,
  { website, index, path, preview, startedAtMs }: Visit,
  places: readonly BannerPlace[],
  { nonce }: Frame,
): { readonly memory: PageMemory | null; readonly placed: Placed } {
  const search = (reason: SearchReason) => ({ memory: null, placed: { kind: "searched", reason } as const });
  // A preview's own bar is brought in behind us, and its campaigns are a draft.
  if (index === null || preview !== null) return search("preview");
  // Another charset is HTMLRewriter's to know, or to refuse.
  if (!/^text\/html\s*(?:;\s*charset="?utf-8"?\s*)?$/i.test(headers.get("content-type") ?? ""))
    return search("charset");
  const changes = places.flatMap((place) => place.changes);
  // What a rotator gets is asked for when it goes by, and may be another each time.
  if (changes.some(isAsked)) return search("rotator");
  // It is another one in each answer, and in what is put there.
  if (nonce !== null && changes.some(({ kind }) => kind === "image")) return search("nonce");
  const edits = places.map(textOf).join("\n\n");
  const page = learnedOpenings.recall({ website: website.code, index, path, edits }, startedAtMs);
  const { placed } = page;
  const isPlain = placed.kind === "searched" && placed.reason !== "learning";
  return { memory: isPlain ? null : page, placed };
}

/** As JSON; the campaigns' own come again with each request, and are written once. */
const written = new WeakMap<Change, string>();

function textOf({ banner, selector, pageTypes, mark, changes }: BannerPlace): string {
  const texts = changes.map((change) => {
    const before = written.get(change);
    if (before !== undefined) return before;
    const text = JSON.stringify(change);
    written.set(change, text);
    return text;
  });
  return [banner, selector, pageTypes, mark, ...texts].join("\n");
}

function isAsked({ kind }: Change): boolean {
  return kind === "rotator" || kind === "dynamic-blocks";
}
