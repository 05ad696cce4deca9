/** What was counted, asked back: Cloudflare's SQL API of Analytics Engine, within a budget. */

import { isRecord } from "../core/record.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { describeError } from "./log.ts";

export interface AnalyticsApi {
  readonly accountId: string;
  readonly token: string;
  readonly dataset: string;
  /** Scheme and host. */
  readonly url: string;
}

export type AnalyticsRow = Readonly<Record<string, unknown>>;

/** A page waits for it. */
const BUDGET_MS = 5_000;
const MAX_ROWS = 10_000;

/** The failure is a sentence with the cure; nothing of the token is in it. */
export async function askAnalytics(
  { accountId, token, url }: AnalyticsApi,
  sql: string,
): Promise<Result<readonly AnalyticsRow[], string>> {
  try {
    const answer = await fetch(`${url}/client/v4/accounts/${accountId}/analytics_engine/sql`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "text/plain" },
      body: sql,
      redirect: "manual",
      signal: AbortSignal.timeout(BUDGET_MS),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      return fail(describeStatus(answer.status));
    }
    const body: unknown = await answer.json();
    const rows = isRecord(body) && Array.isArray(body["data"]) ? body["data"] : null;
    return rows === null
      ? fail("Analytics Engine answered something that is no table.")
      : ok(rows.slice(0, MAX_ROWS).filter(isRecord));
  } catch (error) {
    return fail(`Analytics Engine did not answer (${describeError(error)}).`);
  }
}

function describeStatus(status: number): string {
  if (status === 401 || status === 403) {
    return `Analytics Engine refused ANALYTICS_TOKEN (${status}): it needs Account Analytics, Read, for this account.`;
  }
  return `Analytics Engine answered ${status}: is ANALYTICS_DATASET the dataset that is bound as ANALYTICS?`;
}
