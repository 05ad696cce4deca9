/** A page's plan and Commerce's content: what of it the plan brings, and what the plan becomes when it is there. */

import type { Choice } from "./banner.ts";
import type { ContentProblem } from "./commerce-content.ts";
import type { Edit, PagePlan } from "./page.ts";
import type { Change, Put } from "./put.ts";
import { fail, ok, type Result } from "./result.ts";
import type { Filled } from "./rotator.ts";

/** Identifiers of CMS blocks, and banners whose place is a rotator. */
export interface Wanted {
  readonly cmsBlocks: readonly string[];
  readonly rotators: readonly string[];
}

const NOTHING: Wanted = { cmsBlocks: [], rotators: [] };

export function wantedOf(plan: PagePlan): Wanted {
  if (plan.kind !== "personalize") return NOTHING;
  const cmsBlocks = new Set<string>();
  const rotators = new Set<string>();
  for (const { banner, put } of plan.edits) {
    for (const change of changesOf(put)) {
      if (change.kind === "cms-block") cmsBlocks.add(change.identifier);
      if (change.kind === "dynamic-blocks") rotators.add(banner);
    }
  }
  return { cmsBlocks: [...cmsBlocks], rotators: [...rotators] };
}

/** What could be had before the page comes. */
export interface Gathered {
  /** By identifier. */
  readonly cmsBlocks: ReadonlyMap<string, Result<string, ContentProblem>>;
  /** By banner: the rotator that stood there when it was last seen, and what it would get. */
  readonly rotators: ReadonlyMap<string, { readonly shell: string; readonly filled: Filled }>;
}

/** The plan with Commerce's content in its edits; a banner of which some can't be had keeps its default. */
export function fillPlan(plan: PagePlan, gathered: Gathered): PagePlan {
  if (plan.kind !== "personalize") return plan;
  const lacking = new Map<string, ContentProblem>();
  const edits = plan.edits.flatMap((edit): Edit[] => {
    const put = fillPut(edit, gathered);
    if (put.ok) return [{ ...edit, put: put.value }];
    lacking.set(edit.banner, put.error);
    return [];
  });
  const choices = plan.choices.map((choice) => {
    const problem = lacking.get(choice.banner);
    if (problem !== undefined) return { ...choice, variant: null, reason: problem };
    return withBlocks(choice, gathered);
  });
  return edits.length === 0 ? { kind: "default", choices } : { kind: "personalize", choices, edits };
}

function withBlocks(choice: Choice, { rotators }: Gathered): Choice {
  const filled = choice.variant === null ? undefined : rotators.get(choice.banner)?.filled;
  if (filled === undefined) return choice;
  return filled.reason === null ? { ...choice, blocks: filled.blocks } : { ...choice, left: filled.reason };
}

function fillPut({ banner, put }: Edit, gathered: Gathered): Result<Put, ContentProblem> {
  if (put.kind !== "edits") return ok(put);
  let problem: ContentProblem | null = null;
  const edits = put.edits.map((edit) => ({
    ...edit,
    changes: edit.changes.map((change): Change => {
      if (change.kind === "cms-block") {
        const content = gathered.cmsBlocks.get(change.identifier) ?? fail("content-pending");
        if (content.ok) return { kind: "content", html: content.value };
        problem ??= content.error;
      }
      if (change.kind === "dynamic-blocks") {
        const known = gathered.rotators.get(banner);
        // What is left as it is, or not known yet, is looked at again where it stands.
        if (known?.filled.html != null)
          return { kind: "rotator", shell: known.shell, html: known.filled.html };
      }
      return change;
    }),
  }));
  return problem === null ? ok({ kind: "edits", edits }) : fail(problem);
}

function changesOf(put: Put): readonly Change[] {
  return put.kind === "edits" ? put.edits.flatMap(({ changes }) => changes) : [];
}
