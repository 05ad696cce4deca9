/** What a sync changed in a list of audiences, and whether it is too short to be believed. */

import type { Audience, AudienceId } from "./audience.ts";

/** What two lists are compared by. */
export type AudienceMark = Pick<Audience, "id" | "name" | "lastModifiedMs">;

export interface AudienceChanges {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly kept: number;
  /** The first of them; `removed` and `changed` count all. */
  readonly renamed: readonly { readonly id: AudienceId; readonly from: string; readonly to: string }[];
  readonly vanished: readonly { readonly id: AudienceId; readonly name: string }[];
}

/** More than anybody reads in a report; the lists themselves have the rest. */
const MAX_NOTED = 20;

export function compareAudiences(
  before: readonly AudienceMark[],
  after: readonly AudienceMark[],
): AudienceChanges {
  const earlier = new Map(before.map((audience) => [audience.id, audience]));
  const renamed: AudienceChanges["renamed"][number][] = [];
  let added = 0;
  let changed = 0;
  for (const { id, name, lastModifiedMs } of after) {
    const known = earlier.get(id);
    if (!known) added += 1;
    else if (known.name !== name || known.lastModifiedMs !== lastModifiedMs) changed += 1;
    if (known && known.name !== name && renamed.length < MAX_NOTED)
      renamed.push({ id, from: known.name, to: name });
    earlier.delete(id);
  }
  const vanished = [...earlier.values()].slice(0, MAX_NOTED).map(({ id, name }) => ({ id, name }));
  const kept = after.length - added - changed;
  return { added, removed: earlier.size, changed, kept, renamed, vanished };
}

/** More than half of the audiences gone at once is rather a wrong sandbox or a lost permission than a clean-up. */
export function isShrunk(before: number, after: number): boolean {
  return after * 2 < before;
}
