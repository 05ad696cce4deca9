/** Adobe's lists, a page a call: audiences, their details by id, destination flows and sandboxes. */

import { type AudienceId, type AudiencePage, readAudiencePage, readBulkAudiences } from "../core/audience.ts";
import { type FlowPage, readFlowPage } from "../core/destination-flow.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { PAGE_SIZE } from "../core/sync.ts";
import type { Adobe, AdobeFailure, AdobeStep } from "./adobe.ts";

type Answer<T> = Promise<Result<T, AdobeFailure>>;

const AUDIENCES = "/data/core/ups/audiences";

/** `start` is Adobe's own `next`, verbatim. */
export function fetchAudiencePage(adobe: Adobe, start: string): Answer<AudiencePage> {
  const query = new URLSearchParams({ start, limit: String(PAGE_SIZE), sort: "updateTime:desc" });
  return read(adobe, "audiences", `${AUDIENCES}?${query}`, readAudiencePage, "is no audience list");
}

export function fetchAudienceDetails(adobe: Adobe, ids: readonly AudienceId[]): Answer<AudiencePage> {
  const body = { ids: ids.map((id) => ({ id })) };
  return read(adobe, "audiences", `${AUDIENCES}/bulk-get`, readBulkAudiences, "holds no results", body);
}

/** `next` is a query parameter of Flow Service's own, not percent-encoded; null: the first page. */
export function fetchFlowPage(adobe: Adobe, next: string | null): Answer<FlowPage> {
  const query = new URLSearchParams({
    property: "inheritedAttributes.properties.isDestinationFlow==true",
    limit: String(PAGE_SIZE),
  });
  const at = next?.indexOf("=") ?? -1;
  if (next !== null && at > 0) query.set(next.slice(0, at), next.slice(at + 1));
  return read(
    adobe,
    "flows",
    `/data/foundation/flowservice/flows?${query}`,
    readFlowPage,
    "is no list of flows",
  );
}

/** Names of the sandboxes that the credential may use. */
export function fetchSandboxes(adobe: Adobe): Answer<readonly string[]> {
  return read(
    adobe,
    "sandbox",
    "/data/foundation/sandbox-management/",
    readSandboxes,
    "is no list of sandboxes",
  );
}

function readSandboxes(body: unknown): Result<readonly string[], string> {
  const { sandboxes } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (!Array.isArray(sandboxes)) return fail("not-sandboxes");
  return ok(
    sandboxes.flatMap((one: { name?: unknown } | null) => (typeof one?.name === "string" ? [one.name] : [])),
  );
}

async function read<T>(
  adobe: Adobe,
  step: AdobeStep,
  path: string,
  reader: (body: unknown) => Result<T, string>,
  complaint: string,
  body?: unknown,
): Answer<T> {
  const answer = await adobe.ask(step, path, body);
  if (!answer.ok) return answer;
  const value = reader(answer.value);
  if (value.ok) return ok(value.value);
  return fail({ step, status: 200, message: `Adobe's answer ${complaint}`, passing: null });
}
