/** `GET /_audience/membership`: a server of the merchant's, which shows its secret, asks about the shopper it serves. */

import { subjectOf } from "../core/device.ts";
import { MEMBERSHIP_NAME } from "../core/membership.ts";
import { answerMembership } from "../core/membership-answer.ts";
import type { Website } from "../core/website.ts";
import { endDevice } from "./device.ts";
import { tellMembership } from "./explain.ts";
import { readSignedCookie } from "./membership.ts";
import { endMembership } from "./private-content.ts";
import { type Answered, openQuestion } from "./question.ts";
import { refuseMethod } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import type { Services } from "./services.ts";
import { isActing, isConsentRefused, openVisit, type Visit, whyNotActing } from "./visit.ts";

/** Of a website; one that shares its host has it below its own prefix. */
export function membershipPath({ pathPrefix }: Pick<Website, "pathPrefix">): string {
  return `${pathPrefix ?? ""}/_audience/membership`;
}

/**
 * For a request that has proved itself (`isBackend`); all others are the shop's own, as if this were not
 * there. The shopper's cookies come along, and what is signed goes back to be relayed.
 */
export async function serveMembership(
  proven: Request,
  website: Website,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  if (proven.method !== "GET") return refuseMethod("GET");
  const asked = await openVisit(withoutClaim(proven), website, services, waitUntil);
  const told = (await openQuestion(asked, services, waitUntil)?.join()) ?? { visit: asked, cookies: [] };
  const answer = answerMembership({
    website,
    membership: told.visit.membership,
    notActing: whyNotActing(asked),
    issuedAtSeconds: await findIssued(told, services),
    nowMs: services.now(),
  });
  const response = Response.json(answer, { headers: { "cache-control": "private, no-store" } });
  for (const line of [...told.cookies, ...endRefused(asked)]) response.headers.append("set-cookie", line);
  return tellMembership(response, told.visit, answer.reason, services);
}

/** Who relays a browser's headers with its own secret would vouch for what the browser says. */
function withoutClaim(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete(MEMBERSHIP_NAME);
  return new Request(request, { headers });
}

/** Of what is signed now, else of what came with the request. */
async function findIssued({ visit, cookies }: Answered, { signer, now }: Services): Promise<number | null> {
  const { website, digests, claims } = visit;
  const question = { cookies: cookies.join("; "), website, subject: subjectOf(visit), digests, nowMs: now() };
  const signed = (await readSignedCookie(signer, question)) ?? claims.signed;
  return signed?.kind === "signed" ? signed.issuedAtSeconds : null;
}

function endRefused(visit: Visit): readonly string[] {
  if (!isActing(visit) || !isConsentRefused(visit)) return [];
  return [...endMembership(visit), ...endDevice(visit.request, visit.website)];
}
