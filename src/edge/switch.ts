/** The switch in KV: turns a website off or on without a deployment, within KV's minute. */

import { fail, ok, type Result } from "../core/result.ts";
import type { Mode, Website } from "../core/website.ts";
import type { Log } from "./log.ts";
import { openReplica, type Replica } from "./replica.ts";

export const SWITCH_KEY = "switch";

/** Website code → mode; a website that is not named keeps the mode of its settings. */
export type Switch = ReadonlyMap<string, Mode>;

const FRESH_MS = 10_000;
const BUDGET_MS = 100;

export function openSwitch(kv: KVNamespace | undefined, log: Log): Replica<Switch> {
  return openReplica({
    kv,
    key: SWITCH_KEY,
    parse: readSwitch,
    freshMs: FRESH_MS,
    budgetMs: BUDGET_MS,
    embedded: null,
    whenAbsent: "forget",
    log,
  });
}

export function modeOf(website: Website, override: Switch | null): Mode {
  return override?.get(website.code) ?? website.mode;
}

/** `{ "main": "off" }` */
export function readSwitch(text: string): Result<Switch, string> {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    const modes = entries.filter((entry): entry is [string, Mode] => isMode(entry[1]));
    return modes.length === entries.length ? ok(new Map(modes)) : fail("a mode is off, watch or on");
  } catch {
    return fail("not a JSON object of modes");
  }
}

function isMode(value: unknown): value is Mode {
  return value === "off" || value === "watch" || value === "on";
}
