/** GraphQL: a bounded body, the plan, one request to the origin, its answer streamed. */

import { type GraphqlPlan, planGraphql } from "../core/graphql.ts";
import { audiencesOf } from "../core/membership.ts";
import type { UpstreamPlan } from "../core/upstream.ts";
import { readBody } from "./body.ts";
import { tellOutcome } from "./explain.ts";
import { describeError } from "./log.ts";
import { askOrigin, isSealed, type OriginAnswer } from "./origin.ts";
import { endMembership, reloadPrivateContent } from "./private-content.ts";
import { type Answered, openQuestion } from "./question.ts";
import { refuseGraphql } from "./refusal.ts";
import type { WaitUntil } from "./replica.ts";
import { isActing, isConsentRefused, type Services, type Visit, whyNotActing } from "./visit.ts";

const nothing: UpstreamPlan = { kind: "none", reason: "no-membership" };

export async function serveGraphql(
  asked: Visit,
  services: Services,
  waitUntil: WaitUntil,
): Promise<Response> {
  const acting = isActing(asked);
  const question = asked.request.method === "POST" ? openQuestion(asked, services, waitUntil) : null;
  const told = question?.urgent ? await question.join() : null;
  const visit = told?.visit ?? asked;
  const body = acting ? await readUncounted(visit) : null;
  const plan =
    body?.kind === "too-long"
      ? tooLong
      : planVisit(visit, services, body?.kind === "read" ? body.bytes.byteLength : null);
  const upstream = plan.kind === "forward" ? plan.upstream : nothing;
  const refused = acting && plan.kind === "refuse";
  const { response, originMs } = refused
    ? { response: refuseBody(visit), originMs: null }
    : await forward(visit, acting ? upstream : "as-sent", body, services);
  const lines = keepMembership(told ?? (await question?.join()) ?? { visit, cookie: null });
  if (!isSealed(response)) for (const line of lines) response.headers.append("set-cookie", line);
  return tellOutcome(
    response,
    visit,
    {
      kind: "graphql",
      plan: plan.kind,
      reason: plan.kind === "refuse" ? plan.reason : whyNotActing(visit),
      choices: [],
      upstream,
      left: null,
      originMs,
    },
    services,
  );
}

/** `Set-Cookie` values: Adobe's word is kept, and after a no to consent it goes; only POST is never kept by a cache. */
function keepMembership({ visit, cookie }: Answered): string[] {
  if (cookie !== null) return [cookie, ...reloadPrivateContent(visit, audiencesOf(visit.membership))];
  const ends = visit.request.method === "POST" && isActing(visit) && isConsentRefused(visit);
  return ends ? endMembership(visit) : [];
}

const tooLong: GraphqlPlan = { kind: "refuse", reason: "body-too-long" };

/** Never throws: a plan that can't be made is to forward without a membership. */
function planVisit(visit: Visit, services: Services, readBytes: number | null): GraphqlPlan {
  try {
    if (visit.mode === "off") return { kind: "forward", upstream: nothing };
    const { request, website, path, membership, index } = visit;
    const length = request.headers.get("content-length");
    return planGraphql({
      website,
      method: request.method,
      path,
      membership,
      preferred: index?.audiences ?? new Set(),
      bodyBytes: readBytes ?? (length === null ? null : Number(length)),
    });
  } catch (error) {
    services.log.warn("plan-failed", { error: describeError(error) }, services.now());
    return { kind: "forward", upstream: nothing };
  }
}

type CountedBody = { readonly kind: "read"; readonly bytes: Uint8Array } | { readonly kind: "too-long" };

/** A body whose length nobody told has to be read to be bounded; all others stream. Those of GET mean nothing. */
async function readUncounted({ request, website }: Visit): Promise<CountedBody | null> {
  if (request.body === null || request.headers.has("content-length")) return null;
  if (request.method === "GET" || request.method === "HEAD") return null;
  const read = await readBody(request.body, website.maxBodyBytes);
  if (read.kind === "whole") return { kind: "read", bytes: read.bytes };
  await read.stream.cancel();
  return { kind: "too-long" };
}

function forward(
  { request, website }: Visit,
  membership: UpstreamPlan | "as-sent",
  body: CountedBody | null,
  services: Services,
): Promise<OriginAnswer> {
  const order = { website, membership, editable: false, deadlineMs: null };
  return askOrigin(request, body?.kind === "read" ? { ...order, body: body.bytes } : order, services);
}

function refuseBody({ website }: Visit): Response {
  return refuseGraphql(413, `Request body is too large: at most ${website.maxBodyBytes} bytes.`);
}
