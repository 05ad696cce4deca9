/** GraphQL over HTTP: the audits of graphql-http against an endpoint, one after the other. */

import { type AuditResult, serverAudits } from "graphql-http";

export interface Outcome {
  readonly id: string;
  readonly name: string;
  readonly status: AuditResult["status"];
  readonly reason: string | null;
  /** What the server said to it; a passed audit does not keep it. */
  readonly answer: number | null;
}

/** `headers` ride along on each request. */
export async function audit(
  base: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome[]> {
  const withHeaders = (url: string, init: RequestInit = {}) => {
    const all = new Headers(init.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(url, { ...init, headers: all });
  };
  const outcomes: Outcome[] = [];
  for (const one of serverAudits({ url: `${base}/graphql`, fetchFn: withHeaders })) {
    const result = await one.fn();
    outcomes.push({
      id: one.id,
      name: one.name,
      status: result.status,
      reason: result.status === "ok" ? null : result.reason,
      answer: result.status === "ok" ? null : result.response.status,
    });
  }
  return outcomes;
}
