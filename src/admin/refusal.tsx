/** Each refusal of the lock as an answer: a page for people, problem details for machines. */

import type { Context } from "hono";
import { AccessPage, describeAccess } from "./access-page.tsx";
import { answerPage, NoticePage } from "./layout.tsx";
import type { Refusal } from "./lock.ts";
import { answerProblem, type ProblemStatus } from "./problem-details.ts";
import { SignInPage } from "./sign-in.tsx";

export function isForMachines({ url }: Request): boolean {
  return new URL(url).pathname.startsWith("/api/");
}

export async function answerRefusal(c: Context, refusal: Refusal): Promise<Response> {
  const answer = isForMachines(c.req.raw) ? answerMachine(refusal) : await answerPerson(c, refusal);
  if (refusal.kind === "throttled") answer.headers.set("retry-after", String(refusal.waitSeconds));
  if (answer.status === 401) answer.headers.set("www-authenticate", 'Bearer realm="dashboard"');
  return answer;
}

function answerMachine(refusal: Refusal): Response {
  return answerProblem(statusOf(refusal), describeForMachine(refusal));
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

function describeForMachine(refusal: Refusal): string {
  switch (refusal.kind) {
    case "closed":
      return "This dashboard is closed: neither a token nor Cloudflare Access is set.";
    case "unencrypted":
      return "Ask over https: over plain http the token could be read on the way.";
    case "cross-site":
      return "A change is asked for by this dashboard's own page, or with the token in Authorization: Bearer.";
    case "throttled":
      return `Too many wrong tokens: try again in ${refusal.waitSeconds} seconds.`;
    case "signed-out":
      return refusal.reason === "wrong-token"
        ? "That is not the token."
        : "Send the token in Authorization: Bearer.";
    case "outside-access":
    case "access":
    case "no-role":
    case "viewer":
      return describeAccess(refusal);
  }
}

function answerPerson(c: Context, refusal: Refusal): Response | Promise<Response> {
  const status = statusOf(refusal);
  switch (refusal.kind) {
    case "closed":
      return answerPage(c, <ClosedPage />, status);
    case "unencrypted":
      return answerUnencrypted(c);
    case "cross-site":
      return answerPage(c, <CrossSitePage />, status);
    case "throttled":
    case "signed-out": {
      const wanted = wantedOf(c.req.raw);
      const retry =
        refusal.kind === "signed-out" && refusal.reason === "nothing-shown" && cameByLink(c.req.raw);
      return answerPage(c, <SignInPage refusal={refusal} wanted={wanted} retry={retry} />, status);
    }
    case "outside-access":
    case "access":
    case "no-role":
    case "viewer":
      return answerPage(c, <AccessPage refusal={refusal} />, status);
  }
}

/** A page is asked for again over https; a form that was sent has told its secret, and is not sent twice. */
function answerUnencrypted(c: Context): Response | Promise<Response> {
  if (c.req.method === "GET" || c.req.method === "HEAD") {
    return c.redirect(c.req.url.replace(/^http:/, "https:"), 308);
  }
  return answerPage(
    c,
    <NoticePage title="Not over plain http">
      <p>What was sent could be read on the way. Open this dashboard over https, and change the token.</p>
    </NoticePage>,
    403,
  );
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

function ClosedPage() {
  return (
    <NoticePage title="Closed">
      <p>
        Nobody can sign in, because no token is set. If you run this: set the secret <code>ADMIN_TOKEN</code>{" "}
        (at least 16 characters), or name your Cloudflare Access as <code>ADMIN_ACCESS</code> in
        wrangler.toml, and deploy.
      </p>
    </NoticePage>
  );
}

function CrossSitePage() {
  return (
    <NoticePage title="Not done">
      <p>That came from a page of another site, so nothing was changed.</p>
      <p>
        <a href="/">Go to the dashboard</a>
      </p>
    </NoticePage>
  );
}
