/** GraphQL: a real server over Commerce's names, with the manners of Commerce 2.4.7 around it. */

import { answer, sha256 } from "./answer.ts";
import { encodeJson } from "./escaper.ts";
import { type Asker, openAsker } from "./graphql/asker.ts";
import { type Question, readQuestion } from "./graphql/question.ts";
import { serverOf } from "./graphql/server.ts";
import { inCommerceWords } from "./graphql/wording.ts";
import type { Server, ServerAnswer } from "./graphql/yoga.js";
import type { Visit } from "./visit.ts";

export async function serveGraphql(visit: Visit): Promise<Response> {
  const asker = openAsker(visit);
  if (asker === null) return refuse(visit, "Requested store is not found");
  const currency = visit.request.headers.get("content-currency") ?? "USD";
  if (currency !== "USD") return refuse(visit, "Please correct the target currency");
  const reading = await readQuestion(visit.request, visit.settings);
  switch (reading.kind) {
    case "broken":
      return brokenPage(visit);
    case "refused":
      return send(
        visit,
        { errors: reading.errors },
        { status: reading.status, cacheId: await cacheIdOf(asker) },
      );
    case "question":
      return answerQuestion(asker, reading.question);
  }
}

async function answerQuestion(asker: Asker, question: Question): Promise<Response> {
  const server = serverOf(asker.settings.edition);
  const result = await server.ask(question, asker);
  const { tags, vetoed } = asker.caching;
  // Decided by what succeeded, not by what failed: an answer with errors can be public for a day.
  const cacheable = asker.visit.request.method === "GET" && tags.size > 0 && !vetoed;
  return send(asker.visit, inCommerceShape(result, question, server), {
    status: 200,
    cacheId: question.mutation ? null : await cacheIdOf(asker),
    tags: cacheable ? [...tags] : null,
  });
}

function inCommerceShape(result: ServerAnswer, { variables }: Question, { typeOf }: Server): ServerAnswer {
  const errors = result.errors?.map(({ message, locations, path, extensions }) => ({
    message: inCommerceWords(message, { variables, typeOf }),
    ...(locations === undefined ? {} : { locations }),
    ...(path === undefined ? {} : { path }),
    ...(extensions?.category === undefined ? {} : { extensions: { category: extensions.category } }),
  }));
  const data = result.data === undefined ? {} : { data: result.data };
  return errors === undefined ? data : { errors, ...data };
}

interface Manner {
  readonly status: number;
  readonly cacheId: string | null;
  readonly tags?: readonly string[] | null;
}

function send(visit: Visit, result: ServerAnswer, { status, cacheId, tags }: Manner): Promise<Response> {
  return answer(visit, {
    status,
    type: "application/json",
    body: encodeJson(result),
    caching: tags ? { kind: "public", tags, maxAgeSeconds: 86_400 } : { kind: "private" },
    headers: cacheId === null ? {} : { "x-magento-cache-id": cacheId },
  });
}

function refuse(visit: Visit, message: string): Promise<Response> {
  const errors = [{ message, extensions: { category: "graphql-input" } }];
  return send(visit, { errors }, { status: 500, cacheId: null });
}

/** Malformed bodies, strange content types and methods end in PHP's error page. */
function brokenPage(visit: Visit): Promise<Response> {
  return answer(visit, {
    status: 500,
    type: "text/html; charset=UTF-8",
    body: "<!doctype html>\n<title>There has been an error</title>\n<h1>There has been an error processing your request</h1>\n",
    caching: { kind: "private" },
  });
}

/** The same for all guests of a view: audiences are not in it, and that is a trap for caches. */
function cacheIdOf(asker: Asker): Promise<string> {
  return sha256(`salt ${asker.view.code} USD ${asker.customer === null ? "guest" : "general"}`);
}
