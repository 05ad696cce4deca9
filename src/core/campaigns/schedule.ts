/** From schedules as they are written to moments, in the time zone of the websites that they are for. */

import { parseSchedule, type Schedule, type WrittenSchedule } from "../schedule.ts";
import type { Compilation, Keys } from "./compilation.ts";

/** What is scheduled, and for which websites; without the key, all of them. */
interface Scheduled {
  readonly schedule?: WrittenSchedule | undefined;
  readonly websites?: readonly string[] | undefined;
}

export function readSchedule(
  { schedule: written, websites }: Scheduled,
  at: Keys,
  compilation: Compilation,
): Schedule | null {
  if (written === undefined) return null;
  const zones = zonesOf(websites, compilation);
  const [zone = null] = zones;
  const schedule = parseSchedule(written, zones.length > 1 ? null : zone);
  if (schedule.ok) return schedule.value;
  // One file is one moment everywhere; where the clocks differ, nobody knows which.
  const several =
    zones.length > 1 ? `; its websites are in several (${zones.map((one) => one ?? "none").join(", ")})` : "";
  for (const { key, message } of schedule.error) {
    const unzoned = several !== "" && message.startsWith("no one knows");
    compilation.report([...at, key], unzoned ? message + several : message);
  }
  return null;
}

function zonesOf(
  written: readonly string[] | undefined,
  { websites, timeZones = {} }: Compilation,
): readonly (string | null)[] {
  const codes = written ?? websites ?? [];
  return [
    ...new Set(codes.map((code) => (Object.hasOwn(timeZones, code) ? (timeZones[code] ?? null) : null))),
  ];
}
