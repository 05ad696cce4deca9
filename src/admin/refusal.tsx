/** Each refusal of the lock as an answer: a page for people, problem details for machines. */

import type { Context } from "hono";
import { describeAccess } from "./access-words.ts";
import { answerPage, NoticePage } from "./layout.tsx";
import type { Refusal } from "./lock.ts";
import { answerProblem, type ProblemStatus } from "./problem-details.ts";
import { describeSignIn, SignInPage } from "./sign-in.tsx";

export function isForMachines({ url }: Request): boolean {
  return new URL(url).pathname.startsWith("/api/");
}

export async function answerRefusal(c: Context, refusal: Refusal): Promise<Response> {
  const answer = isForMachines(c.req.raw)
    ? answerProblem(statusOf(refusal), describeRefusal(refusal))
    : await answerPerson(c, refusal);
  if (refusal.kind === "throttled") answer.headers.set("retry-after", String(refusal.waitSeconds));
  if (answer.status === 401) answer.headers.set("www-authenticate", 'Bearer realm="dashboard"');
  return answer;
}

function statusOf(refusal: Refusal): ProblemStatus & (401 | 403 | 429 | 503) {
  switch (refusal.kind) {
    case "closed":
      return 503;
    case "unencrypted":
    case "cross-site":
    case "no-role":
    case "viewer":
      return 403;
    case "throttled":
      return 429;
    case "signed-out":
    case "outside-access":
      return 401;
    case "access":
      return refusal.reason === "keys-unreadable" ? 503 : 401;
  }
}

/** In words for people and machines alike. */
function describeRefusal(refusal: Refusal): string {
  switch (refusal.kind) {
    case "closed":
      return (
        "This dashboard is closed, because nobody could sign in. If you run this: set the secret ADMIN_TOKEN (at " +
        "least 16 characters), or name your Cloudflare Access as ADMIN_ACCESS in wrangler.toml, and deploy."
      );
    case "unencrypted":
      return "What was sent over plain http could be read on the way: ask over https, and change the token.";
    case "cross-site":
      return (
        "That came from another site's page, so nothing was changed: a change is asked for by this dashboard's own " +
        "page, or with the token in Authorization: Bearer."
      );
    case "throttled":
    case "signed-out":
      return describeSignIn(refusal) ?? "Send the token in Authorization: Bearer.";
    case "outside-access":
    case "access":
    case "no-role":
    case "viewer":
      return describeAccess(refusal);
  }
}

function titleOf({ kind }: Refusal): string {
  if (kind === "closed") return "Closed";
  return kind === "cross-site" || kind === "viewer" ? "Not done" : "Not let in";
}

function answerPerson(c: Context, refusal: Refusal): Response | Promise<Response> {
  const { url, method } = c.req;
  const status = statusOf(refusal);
  if (refusal.kind === "throttled" || refusal.kind === "signed-out") {
    const retry =
      refusal.kind === "signed-out" && refusal.reason === "nothing-shown" && cameByLink(c.req.raw);
    return answerPage(c, <SignInPage refusal={refusal} wanted={wantedOf(c.req.raw)} retry={retry} />, status);
  }
  // A page is asked for again; a form that was sent has told its secret, and is not sent twice.
  if (refusal.kind === "unencrypted" && (method === "GET" || method === "HEAD")) {
    return c.redirect(url.replace(/^http:/, "https:"), 308);
  }
  const page = (
    <NoticePage title={titleOf(refusal)}>
      <p>{describeRefusal(refusal)}</p>
      <p>
        <a href="/">Go to the dashboard</a>
      </p>
    </NoticePage>
  );
  return answerPage(c, page, status);
}

/** What a sign-in leads back to, whole: a path like //elsewhere.example alone would be read as a host. */
function wantedOf({ method, url }: Request): string {
  const { origin, pathname, search } = new URL(url);
  return method === "GET" && pathname !== "/sign-in" ? `${origin}${pathname}${search}` : `${origin}/`;
}

function cameByLink({ method, headers }: Request): boolean {
  const site = headers.get("sec-fetch-site");
  return method === "GET" && (site === "cross-site" || site === "same-site");
}
