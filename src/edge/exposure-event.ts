/** Exposures told to Adobe's Edge Network: after the answer, once, and never when Adobe is left alone. */

import type { Choice } from "../core/banner.ts";
import { fpidOf } from "../core/device.ts";
import { collectPath } from "../core/edge-network.ts";
import { buildExposureEvents } from "../core/exposure-event.ts";
import { findAuth, PATIENCE_MS, questionHeaders, readRetryAfter } from "./edge-network.ts";
import { describeError } from "./log.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isConsentRefused, type Visit } from "./visit.ts";

/** Never throws, and nobody waits for it. Of whom Adobe does not know and of whom said no, nothing is told. */
export function tellExposures(
  visit: Visit,
  choices: readonly Choice[],
  services: Services,
  waitUntil: WaitUntil,
): void {
  const { website, ecid, startedAtMs } = visit;
  if (!website.exposures.includes("edge-network") || website.datastreamId === null) return;
  if (isConsentRefused(visit)) return;
  const visitor = { ecid, fpid: fpidOf(visit) };
  const body = buildExposureEvents(choices, visitor, {
    website: website.code,
    timestampIso: new Date(startedAtMs).toISOString(),
  });
  if (body === null) return;
  waitUntil(
    send(visit, body, services).catch((error: unknown) => {
      services.log.warn(
        "exposure-untold",
        { website: website.code, error: describeError(error) },
        services.now(),
      );
    }),
  );
}

/** The breaker is that of our questions: what Adobe is asked for and what it is told are one budget. */
async function send(visit: Visit, body: string, services: Services): Promise<void> {
  const { website, request } = visit;
  const { log, now, breakers } = services;
  const breaker = breakers.get(website.code);
  // Two pages of one visitor at once are two exposures; only their number is the breaker's concern.
  const subject = `exposure ${crypto.randomUUID()}`;
  if (breaker?.start(subject, PATIENCE_MS, now()) !== true) return;
  try {
    const auth = await findAuth(visit, services);
    if (auth === null) return;
    const response = await fetch(auth.url + collectPath(website.datastreamId ?? ""), {
      method: "POST",
      headers: questionHeaders(request, auth),
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    const { status } = response;
    if (response.ok) return void breaker.succeed();
    if (status === 403 || status === 429 || status >= 500)
      breaker.fail(now(), readRetryAfter(response.headers.get("retry-after")));
    log.warn("exposure-untold", { website: website.code, reason: `status-${status}` }, now(), String(status));
  } catch (error) {
    breaker.fail(now(), null);
    log.warn("exposure-untold", { website: website.code, error: describeError(error) }, now());
  } finally {
    breaker.end(subject);
  }
}
