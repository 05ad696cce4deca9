/** The question to Commerce for its own content: GraphQL by GET, in a store view and currency, as nobody in particular. */

import { type ContentQuestion, writeQuestion } from "../core/commerce-content.ts";
import { type GraphqlAnswer, parseAnswer } from "../core/graphql-answer.ts";
import { fail, ok, type Result } from "../core/result.ts";
import { graphqlPaths } from "../core/virtual-host.ts";
import type { Website } from "../core/website.ts";
import { decodeText, readMessage } from "./body.ts";
import type { Log } from "./log.ts";
import { askOrigin } from "./origin.ts";

/** From where it is asked for. */
export interface ContentView {
  /** Scheme and host that shoppers use. */
  readonly shop: string;
  /** null: the one that Commerce takes where nothing is said. */
  readonly storeView: string | null;
  /** ISO 4217; null: the store view's own. */
  readonly currency: string | null;
}

export interface Unanswered {
  readonly reason: "status" | "too-long" | "not-graphql";
  readonly status: number;
  readonly retryAfterMs: number | null;
}

/** What the question may take; nobody waits that long for it. */
export const PATIENCE_MS = 5_000;

const MAX_ANSWER_BYTES = 1_048_576;

/** No cookie, no token, no address of the shopper's: the answer is the same for all. */
export async function askContent(
  question: ContentQuestion,
  { shop, storeView, currency }: ContentView,
  website: Website,
  clock: { readonly log: Log; readonly now: () => number },
): Promise<Result<GraphqlAnswer, Unanswered>> {
  const { query, variables } = writeQuestion(question);
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const path = graphqlPaths([website]).at(-1) ?? website.graphqlPath;
  const headers = new Headers({ accept: "application/json" });
  if (storeView !== null) headers.set("store", storeView);
  if (currency !== null) headers.set("content-currency", currency);
  const response = await askOrigin(
    new Request(`${shop}${path}?${search}`, { headers }),
    {
      website,
      membership: { kind: "none", reason: "no-membership" },
      editable: false,
      deadlineMs: PATIENCE_MS,
    },
    clock,
  );
  const unanswered = (reason: Unanswered["reason"]) =>
    fail({ reason, status: response.status, retryAfterMs: readRetryAfter(response) });
  const body = await readMessage(response, MAX_ANSWER_BYTES);
  if (body?.kind === "longer") {
    await body.stream.cancel();
    return unanswered("too-long");
  }
  const answer = body === null ? null : parseAnswer(decodeText(body.bytes) ?? "");
  // Commerce refuses with 500 what it does not know, in GraphQL's own words.
  if (answer !== null) return ok(answer);
  return unanswered(response.ok ? "not-graphql" : "status");
}

function readRetryAfter({ headers }: Response): number | null {
  const seconds = /^\d{1,6}$/.exec(headers.get("retry-after") ?? "")?.[0];
  return seconds === undefined ? null : Number(seconds) * 1000;
}
