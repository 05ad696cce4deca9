/** The control plane asked by who waits for it: an answer, or a sentence that says why there is none. */

import { withinBudget } from "../budget.ts";
import { describeError } from "../log.ts";
import type { ControlCalls } from "./calls.ts";

/** Nothing can be read or published without the control plane; `reason` is a sentence with the cure. */
export interface Unavailable {
  readonly kind: "unavailable";
  readonly reason: string;
}

export type Asked<T> = { readonly kind: "answered"; readonly value: T } | Unavailable;

const BUDGET_MS = 15_000;

export async function askControl<T>(
  control: ControlCalls | null,
  call: (control: ControlCalls) => Promise<T>,
): Promise<Asked<T>> {
  if (control === null) {
    return unavailable(
      "No control plane is bound: publishing is not possible here, and no history is kept. wrangler.toml needs the " +
        "Durable Object binding CONTROL; until then npm run campaigns:publish -- FILE --remote writes KV directly.",
    );
  }
  try {
    const answered = call(control).then((value) => ({ kind: "answered", value }) as const);
    const late = "The control plane did not answer in time: try again in a minute; what is live stays live.";
    return (await withinBudget(answered, BUDGET_MS)) ?? unavailable(late);
  } catch (error) {
    return unavailable(
      `The control plane does not answer (${describeError(error)}): try again in a minute; what is live stays live.`,
    );
  }
}

function unavailable(reason: string): Unavailable {
  return { kind: "unavailable", reason };
}
