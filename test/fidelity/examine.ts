/** Every probe against one proxy, one after the other; a proxy that breaks has failed that probe. */

import { openProxy } from "./ask.ts";
import type { FidelityOrigin } from "./origin.ts";
import { type Probe, probes, type Verdict } from "./probes.ts";

export interface Finding {
  readonly probe: Probe;
  readonly verdict: Verdict;
}

export async function examine(url: string, host: string | null, origin: FidelityOrigin): Promise<Finding[]> {
  const proxy = openProxy(url, host);
  const findings: Finding[] = [];
  for (const probe of probes) {
    const verdict = await probe.run(proxy, origin).catch((error: Error) => `no answer (${error.message})`);
    findings.push({ probe, verdict });
    origin.release();
  }
  return findings;
}
