/** The campaigns for machines: the live version, publishing against its ETag, history, drafts and rollback. */

import { describeProblem } from "../core/problem.ts";
import { readBody } from "../edge/body.ts";
import type { Version } from "../edge/control/calls.ts";
import { describeTooLong, MAX_FILE_BYTES, type Published, type Versions } from "../edge/versions.ts";
import type { ApiRoute, Ask } from "./api-route.ts";
import { difference, kept, list, nullable, object, problems, text, version } from "./api-schema.ts";
import { answerProblem } from "./problem-details.ts";

const note = { description: "What this version is for.", schema: { type: "string", maxLength: 500 } };
const refused = [400, 413, 422] as const;

export function listCampaignRoutes(versions: Versions): ApiRoute[] {
  return [
    {
      method: "get",
      path: "/api/campaigns",
      summary: "The live version, and its file as it was written.",
      answers: {
        200: {
          description: "null: nothing was published through the control plane yet.",
          schema: object({ version: nullable(version), file: nullable(text) }),
          etag: "live",
        },
      },
      problems: [],
      async serve(c) {
        const current = await versions.current();
        if (current.kind === "unavailable") return answerProblem(503, current.reason);
        c.header("etag", etagOf(current.value?.version ?? null));
        return c.json({ version: current.value?.version ?? null, file: current.value?.file ?? null });
      },
    },
    {
      method: "put",
      path: "/api/campaigns",
      summary: "Checks a file and makes it live. A mistake is refused, a risk is among the warnings.",
      query: { note },
      takes: ["if-match", "campaigns-file"],
      answers: {
        200: { description: "Live.", schema: kept, etag: "live" },
        202: { description: "Kept; KV has not taken it yet.", schema: kept, etag: "live" },
      },
      problems: [...refused, 412, 428],
      async serve(c) {
        const basedOn = readIfMatch(c);
        if (basedOn instanceof Response) return basedOn;
        const file = await readFile(c);
        if (file instanceof Response) return file;
        const actor = c.get("actor");
        return answerPublished(await versions.publish({ file, basedOn, note: readNote(c), actor }));
      },
    },
    {
      method: "post",
      path: "/api/campaigns/check",
      summary: "What publishing that file would change and risk; nothing is kept.",
      takes: ["campaigns-file"],
      answers: {
        200: {
          description: "It could be published.",
          schema: object({ current: nullable(version), difference, warnings: problems }),
          etag: "live",
        },
      },
      problems: refused,
      async serve(c) {
        const file = await readFile(c);
        if (file instanceof Response) return file;
        const reviewed = await versions.review(file);
        if (reviewed.kind !== "reviewed") return answerPublished(reviewed);
        const { current, difference, warnings } = reviewed;
        c.header("etag", etagOf(current));
        return c.json({ current, difference, warnings });
      },
    },
    ...listVersionRoutes(versions),
  ];
}

function listVersionRoutes(versions: Versions): ApiRoute[] {
  return [
    {
      method: "get",
      path: "/api/campaigns/versions",
      summary: "The versions, the newest first; the last 200 are kept.",
      query: {
        limit: { description: "At most 200; 50 unless told.", schema: { type: "integer" } },
        before: { description: "Only older ones than this number.", schema: { type: "integer" } },
      },
      answers: { 200: { description: "A page of them.", schema: object({ versions: list(version) }) } },
      problems: [],
      async serve(c) {
        const before = c.req.query("before");
        const listed = await versions.list(
          readLimit(c, 50),
          before === undefined ? null : Number(before) || 0,
        );
        if (listed.kind === "unavailable") return answerProblem(503, listed.reason);
        return c.json({ versions: listed.value });
      },
    },
    {
      method: "post",
      path: "/api/campaigns/versions",
      summary: "Keeps a file as a draft; nothing of it is live.",
      query: { note },
      takes: ["campaigns-file"],
      answers: { 201: { description: "Kept.", schema: kept } },
      problems: refused,
      async serve(c) {
        const file = await readFile(c);
        if (file instanceof Response) return file;
        return answerPublished(await versions.keepDraft({ file, note: readNote(c), actor: c.get("actor") }));
      },
    },
    {
      method: "get",
      path: "/api/campaigns/versions/{number}",
      summary: "One version, with its file as it was written.",
      answers: { 200: { description: "There it is.", schema: object({ version, file: text }) } },
      problems: [404],
      async serve(c) {
        const found = await versions.version(Number(c.req.param("number")));
        if (found.kind === "unavailable") return answerProblem(503, found.reason);
        return found.value === null ? answerNoVersion() : c.json(found.value);
      },
    },
    {
      method: "post",
      path: "/api/campaigns/versions/{number}/publish",
      summary: "Publishes an old version, or a draft, as a new one.",
      query: { note },
      takes: ["if-match"],
      answers: {
        200: { description: "Live.", schema: kept, etag: "live" },
        202: { description: "Kept; KV has not taken it yet.", schema: kept, etag: "live" },
      },
      problems: [404, 412, 413, 422, 428],
      async serve(c) {
        const basedOn = readIfMatch(c);
        if (basedOn instanceof Response) return basedOn;
        const number = Number(c.req.param("number"));
        return answerPublished(
          await versions.restore({ number, basedOn, note: readNote(c), actor: c.get("actor") }),
        );
      },
    },
  ];
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
  if (body === null) return answerNoFile();
  const read = await readBody(body, MAX_FILE_BYTES);
  if (read.kind === "whole") return new TextDecoder().decode(read.bytes) || answerNoFile();
  await read.stream.cancel().catch(() => undefined);
  return answerTooLong(null);
}

function answerNoFile(): Response {
  return answerProblem(400, "Send the campaigns file as the body.");
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
