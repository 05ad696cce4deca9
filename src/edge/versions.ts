/** Versions of the campaigns: checked here, kept by the control plane, and live only from there. */

import { contextOf } from "../core/campaigns/context.ts";
import { type CampaignsDifference, compareCampaigns } from "../core/campaigns/difference.ts";
import { keepWellShaped } from "../core/campaigns/file.ts";
import { describePublishRisk, findPublishRisks } from "../core/campaigns/publish-risk.ts";
import { readNames } from "../core/campaigns/standing.ts";
import { findMissingTexts } from "../core/campaigns/store-view.ts";
import { parseCampaigns } from "../core/campaigns.ts";
import { describeProblem, type Problem } from "../core/problem.ts";
import type { Result } from "../core/result.ts";
import type { Website } from "../core/website.ts";
import { type Asked, askControl, type Unavailable } from "./control/ask.ts";
import type { Actor, ControlCalls, Version, VersionFile } from "./control/calls.ts";
import { type CompiledCampaigns, compileCampaigns } from "./publish.ts";
import { loadSynced } from "./synced.ts";

/** A row of the control plane holds 2 MB at most, and a campaigns file that long is a mistake. */
export const MAX_FILE_BYTES = 1_000_000;
const MAX_COMPILED_BYTES = 1_900_000;
const MAX_NOTE_LENGTH = 500;

export interface Versions {
  current(): Promise<Asked<VersionFile | null>>;
  version(number: number): Promise<Asked<VersionFile | null>>;
  list(limit: number, before: number | null): Promise<Asked<readonly Version[]>>;
  /** What publishing that file would do, before it is done. */
  review(file: string): Promise<Reviewed | NotKept>;
  /** A version as the edge would read it, whether it is live or not; null: there is none of that number. */
  compile(number: number): Promise<Asked<Result<CompiledCampaigns, Problem[]> | null>>;
  publish(change: Change): Promise<Published>;
  /** An old version, or a draft, as a new one. */
  restore(change: Omit<Change, "file"> & { readonly number: number }): Promise<Published>;
  keepDraft(change: Omit<Change, "basedOn">): Promise<Published>;
}

export interface Change {
  readonly file: string;
  readonly note: string;
  readonly actor: Actor;
  /** The number of the version that was changed; 0: there was none. */
  readonly basedOn: number;
}

/** A file that could be published. */
export interface Reviewed {
  readonly kind: "reviewed";
  readonly compiled: CompiledCampaigns;
  readonly current: Version | null;
  readonly difference: CampaignsDifference;
  /** What may not be meant, each a sentence with its place; a draft has none. */
  readonly warnings: readonly Problem[];
}

export type NotKept =
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  | { readonly kind: "too-long"; readonly message: string }
  | Unavailable;

export type Published =
  /** `pending`: why KV has not taken it yet; it is tried again until it has. null: KV has it. */
  | {
      readonly kind: "kept";
      readonly version: Version;
      readonly pending: string | null;
      readonly warnings: Reviewed["warnings"];
    }
  | { readonly kind: "conflict"; readonly current: Version | null }
  | { readonly kind: "no-version" }
  | NotKept;

export interface VersionsOptions {
  readonly control: ControlCalls | null;
  readonly websites: readonly Website[];
  readonly adminPath: string | null;
  /** Whose audience lists the risks of publishing are looked for in. */
  readonly kv: KVNamespace | undefined;
  readonly now: () => number;
}

export function openVersions({ control, websites, adminPath, kv, now }: VersionsOptions): Versions {
  const context = contextOf(websites, adminPath);
  const ask = <T>(call: (control: ControlCalls) => Promise<T>) => askControl(control, call);

  async function review(file: string): Promise<Reviewed | NotKept> {
    const tooLong = refuseLength(file);
    if (tooLong !== null) return { kind: "too-long", message: tooLong };
    const checked = await compileCampaigns(file, context, new Date(now()).toISOString());
    if (!checked.ok) return { kind: "refused", problems: checked.error };
    const compiled = checked.value;
    if (lengthOf(compiled.text) > MAX_COMPILED_BYTES) {
      return {
        kind: "too-long",
        message: "The compiled campaigns are longer than 1.9 MB: shorten the variants.",
      };
    }
    const live = await ask((one) => one.readCurrent());
    if (live.kind === "unavailable") return live;
    const before = live.value?.file ?? null;
    return {
      kind: "reviewed",
      compiled,
      current: live.value?.version ?? null,
      difference: compareCampaigns(before, file),
      warnings: await findWarnings(before, file, compiled),
    };
  }

  async function findWarnings(before: string | null, file: string, { campaigns }: CompiledCampaigns) {
    const old = before === null ? null : parseCampaigns(before, context);
    const around = {
      websites: context.websites,
      names: readNames(file),
      synced: await loadSynced(kv, websites),
      nowMs: now(),
    };
    // What was right once may be wrong under today's settings: then there is nothing to compare with.
    const risks = findPublishRisks(old?.ok ? old.value : null, campaigns, around);
    const told = new Set(before === null ? [] : missingTexts(before).map(describeProblem));
    const missing = missingTexts(file).filter((text) => !told.has(describeProblem(text)));
    return [...risks.map((risk) => describePublishRisk(risk, around)), ...missing];
  }

  /** Of a file that was read before. */
  function missingTexts(file: string): Problem[] {
    return findMissingTexts(keepWellShaped(JSON.parse(file.replace(/^\uFEFF/, ""))), context);
  }

  async function keep(change: Change, state: Version["state"], restores: number | null): Promise<Published> {
    const { file, note, actor, basedOn } = change;
    if (note.length > MAX_NOTE_LENGTH) {
      const message = `The note has ${note.length} characters; at most ${MAX_NOTE_LENGTH}.`;
      return { kind: "too-long", message };
    }
    const reviewed = await review(file);
    if (reviewed.kind !== "reviewed") return reviewed;
    const { compiled, difference } = reviewed;
    const { version: digest, text } = compiled;
    const written = { state, file, digest, compiled: text, note, restores, difference, actor, basedOn };
    const kept = await ask((one) => one.keepVersion(written));
    if (kept.kind === "unavailable") return kept;
    const warnings = state === "draft" ? [] : reviewed.warnings;
    if (kept.value.kind === "kept") return { ...kept.value, warnings };
    if (kept.value.kind !== "unbound") return kept.value;
    return { kind: "unavailable", reason: "No KV namespace is bound as KV, so nothing can be published." };
  }

  return {
    current: () => ask((one) => one.readCurrent()),
    version: (number) => ask((one) => one.readVersion(number)),
    list: (limit, before) => ask((one) => one.listVersions(limit, before)),
    review,
    async compile(number) {
      const asked = await ask((one) => one.readVersion(number));
      if (asked.kind === "unavailable") return asked;
      if (asked.value === null) return { kind: "answered", value: null };
      // Of the same file always the same text, and so the same key of a draft.
      return { kind: "answered", value: await compileCampaigns(asked.value.file, context, "") };
    },
    publish: (change) => keep(change, "published", null),
    keepDraft: (change) => keep({ ...change, basedOn: 0 }, "draft", null),
    async restore({ number, ...change }) {
      const old = await ask((one) => one.readVersion(number));
      if (old.kind === "unavailable") return old;
      if (old.value === null) return { kind: "no-version" };
      return keep({ ...change, file: old.value.file }, "published", number);
    },
  };
}

function refuseLength(file: string): string | null {
  const bytes = lengthOf(file);
  return bytes > MAX_FILE_BYTES ? describeTooLong(`${(bytes / 1_000_000).toFixed(1)} MB`) : null;
}

export function describeTooLong(size: string): string {
  return `The campaigns file is ${size}; at most 1 MB is kept. Pictures belong on the shop, not into the file.`;
}

function lengthOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
