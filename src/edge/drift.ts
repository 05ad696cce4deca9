/** Drift: KV's campaigns beside the published version, looked at on a schedule and put right. */

import { describeLiveState } from "../core/drift.ts";
import type { ControlCalls } from "./control/calls.ts";
import { describeError, type Log } from "./log.ts";

/** A control plane that is down is no reason not to sync. */
export async function mendLive(control: ControlCalls | null, log: Log): Promise<void> {
  if (control === null) return;
  try {
    const state = await control.mendLive();
    if (state.kind === "drifted") {
      log.write({ event: "campaigns-drifted", version: state.number, message: describeLiveState(state) });
    }
  } catch (error) {
    log.write({ event: "campaigns-unwatched", error: describeError(error) });
  }
}
