/** The campaigns for machines: the live version, publishing against its ETag, history, drafts and rollback. */

import type { Context, Hono } from "hono";
import { describeProblem } from "../core/problem.ts";
import { readBody } from "../edge/body.ts";
import type { Version } from "../edge/control/calls.ts";
import { describeTooLong, MAX_FILE_BYTES, type Published, type Versions } from "../edge/versions.ts";
import type { AdminEnv } from "./actor.ts";
import { answerProblem } from "./problem-details.ts";

type Ask = Context<AdminEnv>;

export function addCampaigns(admin: Hono<AdminEnv>, versions: Versions): void {
  admin.get("/api/campaigns", async (c) => {
    const current = await versions.current();
    if (current.kind === "unavailable") return answerProblem(503, current.reason);
    c.header("etag", etagOf(current.value?.version ?? null));
    return c.json({ version: current.value?.version ?? null, file: current.value?.file ?? null });
  });
  admin.put("/api/campaigns", async (c) => {
    const basedOn = readIfMatch(c);
    if (basedOn instanceof Response) return basedOn;
    const file = await readFile(c);
    if (file instanceof Response) return file;
    const published = await versions.publish({ file, basedOn, note: readNote(c), actor: c.get("actor") });
    return answerPublished(published);
  });
  admin.post("/api/campaigns/check", async (c) => {
    const file = await readFile(c);
    if (file instanceof Response) return file;
    const reviewed = await versions.review(file);
    if (reviewed.kind !== "reviewed") return answerPublished(reviewed);
    const { current, difference, warnings } = reviewed;
    c.header("etag", etagOf(current));
    return c.json({ current, difference, warnings });
  });
  admin.get("/api/campaigns/versions", async (c) => {
    const before = c.req.query("before");
    const listed = await versions.list(readLimit(c, 50), before === undefined ? null : Number(before) || 0);
    if (listed.kind === "unavailable") return answerProblem(503, listed.reason);
    return c.json({ versions: listed.value });
  });
  admin.post("/api/campaigns/versions", async (c) => {
    const file = await readFile(c);
    if (file instanceof Response) return file;
    return answerPublished(await versions.keepDraft({ file, note: readNote(c), actor: c.get("actor") }));
  });
  admin.get("/api/campaigns/versions/:number{[0-9]+}", async (c) => {
    const found = await versions.version(Number(c.req.param("number")));
    if (found.kind === "unavailable") return answerProblem(503, found.reason);
    return found.value === null ? answerNoVersion() : c.json(found.value);
  });
  admin.post("/api/campaigns/versions/:number{[0-9]+}/publish", async (c) => {
    const basedOn = readIfMatch(c);
    if (basedOn instanceof Response) return basedOn;
    const number = Number(c.req.param("number"));
    return answerPublished(
      await versions.restore({ number, basedOn, note: readNote(c), actor: c.get("actor") }),
    );
  });
}

/** Strong (RFC 9110 §8.8.3), and a number, so that a person can say which version it is. */
function etagOf(version: Version | null): string {
  return `"v${version?.number ?? 0}"`;
}

/** Without it, two people who edit would overwrite each other; `*` would not tell them either. */
function readIfMatch(c: Ask): number | Response {
  const number = /^"v(\d{1,9})"$/.exec(c.req.header("if-match") ?? "")?.[1];
  if (number !== undefined) return Number(number);
  return answerProblem(
    428,
    'Say which version you changed: If-Match with the ETag of GET /api/campaigns, like "v7" ("v0": there is none).',
  );
}

async function readFile(c: Ask): Promise<string | Response> {
  const { body } = c.req.raw;
  const declared = Number(c.req.header("content-length") ?? "0");
  if (declared > MAX_FILE_BYTES) return answerTooLong(declared);
  if (body === null) return answerProblem(400, "Send the campaigns file as the body.");
  const read = await readBody(body, MAX_FILE_BYTES);
  if (read.kind === "whole") return new TextDecoder().decode(read.bytes);
  await read.stream.cancel().catch(() => undefined);
  return answerTooLong(null);
}

function answerTooLong(bytes: number | null): Response {
  const size = bytes === null ? "longer than 1 MB" : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return answerProblem(413, `${describeTooLong(size)} Nothing was kept, and what is live stays live.`);
}

function readNote(c: Ask): string {
  return (c.req.query("note") ?? "").trim();
}

function readLimit(c: Ask, standard: number): number {
  const written = Number(c.req.query("limit") ?? standard);
  return Number.isInteger(written) && written > 0 && written <= 200 ? written : standard;
}

function answerNoVersion(): Response {
  return answerProblem(404, "There is no such version; the last 200 are kept.");
}

function answerPublished(published: Published): Response {
  switch (published.kind) {
    case "kept": {
      const { version, pending, warnings } = published;
      const status = version.state === "draft" ? 201 : pending === null ? 200 : 202;
      const headers = version.state === "draft" ? {} : { etag: etagOf(version) };
      return Response.json({ version, pending, warnings }, { status, headers });
    }
    case "refused":
      return answerProblem(422, published.problems.map(describeProblem).join("\n"), {
        problems: published.problems,
      });
    case "too-long":
      return answerProblem(413, published.message);
    case "conflict":
      return answerConflict(published.current);
    case "no-version":
      return answerNoVersion();
    case "unavailable":
      return answerProblem(503, published.reason);
  }
}

function answerConflict(current: Version | null): Response {
  const live =
    current === null
      ? "none was published through the control plane"
      : `live is version ${current.number} of ${current.at} by ${current.who}`;
  const answer = answerProblem(
    412,
    `Another version was published meanwhile: ${live}. Nothing was lost: look at what changed, and publish again ` +
      "on top of it.",
    { current },
  );
  answer.headers.set("etag", etagOf(current));
  return answer;
}
