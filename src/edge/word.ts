/** Adobe's word on a visitor, signed, and kept for the next request in this data centre: a late answer is not lost. */

import type { AudienceId } from "../core/audience.ts";
import { subjectOf } from "../core/device.ts";
import { describeError } from "./log.ts";
import { readToken, signMembership } from "./membership.ts";
import type { Services } from "./services.ts";
import { toBase64Url } from "./signing.ts";
import type { Visit } from "./visit.ts";

/** Adobe's word, and the token that keeps it. */
export interface Word {
  readonly audiences: ReadonlySet<AudienceId>;
  readonly token: string;
}

export async function signWord(
  { website, digests }: Visit,
  subject: string,
  audiences: ReadonlySet<AudienceId>,
  { signer, now }: Services,
): Promise<Word> {
  if (signer === null) throw new Error("no secret to sign with");
  const said = { website, subject, audiences, digests, nowMs: now() };
  return { audiences, token: await signMembership(signer, said) };
}

/** A cache in trouble is an empty one. */
export async function loadWord(visit: Visit, { signer, visitorSigner, now }: Services): Promise<Word | null> {
  const { website, digests } = visit;
  const subject = subjectOf(visit);
  if (subject === null) return null;
  const found = await caches.default
    .match(await placeOf(visit, subject, visitorSigner))
    .catch(() => undefined);
  const token = await found?.text();
  if (token === undefined) return null;
  const kept = await readToken(signer, token, { website, subject, digests, nowMs: now() });
  return kept.kind === "signed" ? { audiences: kept.audiences, token } : null;
}

/** Never throws: what is not kept is asked again. */
export async function saveWord(
  { token }: Word,
  visit: Visit,
  subject: string,
  services: Services,
): Promise<void> {
  const { log, now, visitorSigner } = services;
  try {
    const headers = { "cache-control": `max-age=${visit.website.refreshSeconds}` };
    await caches.default.put(await placeOf(visit, subject, visitorSigner), new Response(token, { headers }));
  } catch (error) {
    log.warn("word-not-kept", { error: describeError(error) }, now());
  }
}

/** Who is signed in may have changed: Adobe is asked anew. Never throws. */
export async function forgetWord(visit: Visit, { log, now, visitorSigner }: Services): Promise<void> {
  const subject = subjectOf(visit);
  if (subject === null || visitorSigner === null) return;
  try {
    await caches.default.delete(await placeOf(visit, subject, visitorSigner));
  } catch (error) {
    log.warn("word-not-forgotten", { error: describeError(error) }, now());
  }
}

/** The Cache API's key: an HMAC of website and visitor, so that nobody else can name it. Per data centre. */
async function placeOf(
  { website }: Visit,
  subject: string,
  visitorSigner: Services["visitorSigner"],
): Promise<Request> {
  const token = await visitorSigner?.sign(new TextEncoder().encode(subject), website.code);
  const mark = token?.split(".").at(-1) ?? toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  // The Cache API wants a host of the zone; nobody can ask for a path that ends in an HMAC.
  return new Request(`https://${website.hosts[0]}/edge-audiences-word/${website.code}/${mark}`);
}
