/** Errors for machines: RFC 9457 problem details, in the words that a person would read too. */

import { refuseProblem } from "../edge/refusal.ts";

const titles = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  422: "Unprocessable Content",
  428: "Precondition Required",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
} as const;

export type ProblemStatus = keyof typeof titles;

/** `about:blank` (§4.2.1): the status says what kind it is, the detail what happened and what helps. */
export function answerProblem(
  status: ProblemStatus,
  detail: string,
  members?: Readonly<Record<string, unknown>>,
): Response {
  return refuseProblem(status, titles[status], detail, members);
}
