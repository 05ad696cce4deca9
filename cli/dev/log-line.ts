/** What happened, in short readable lines: each page with its plan, and what the Worker warns of. */

import * as v from "valibot";
import { paint } from "../command.ts";
import type { Answered } from "./translator.ts";

const planShape = v.object({
  kind: v.string(),
  plan: v.string(),
  reason: v.nullish(v.string()),
  left: v.nullish(v.string()),
  membership: v.object({ kind: v.string(), reason: v.nullish(v.string()), count: v.nullish(v.number()) }),
  banners: v.array(v.object({ banner: v.string(), variant: v.nullable(v.string()), reason: v.string() })),
});

type Plan = v.InferOutput<typeof planShape>;

/** A page, a form, a GraphQL request, or something that went wrong; not each of a hundred styles and images. */
export function isTelling({ method, status, contentType, plan }: Answered): boolean {
  const kind = readPlan(plan)?.kind;
  return kind === "graphql" || method === "POST" || status >= 400 || /^text\/html/i.test(contentType);
}

/** `GET  200  /women.html  personalized: hero → vip  (member of 2)  34 ms` */
export function describeAnswer(answered: Answered): string {
  const { method, status, path, totalMs } = answered;
  const plan = readPlan(answered.plan);
  const colour = status >= 500 ? "red" : status >= 400 ? "yellow" : "dim";
  const parts = [
    `${method.padEnd(4)} ${paint(colour, String(status))}`,
    path.length > 100 ? `${path.slice(0, 99)}…` : path,
    ...(plan === null ? [] : [describePlan(plan), paint("dim", describeMembership(plan))]),
    paint("dim", `${totalMs} ms`),
  ];
  return parts.join("  ");
}

function readPlan(text: string | null): Plan | null {
  if (text === null) return null;
  try {
    const read = v.safeParse(planShape, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

function describePlan({ plan, reason, left, banners }: Plan): string {
  const because = reason ? ` (${reason})` : "";
  switch (plan) {
    case "personalize": {
      const choices = banners.map(({ banner, variant }) => `${banner} → ${variant ?? "its own"}`);
      const done = `personalized: ${choices.join(", ")}`;
      return left ? paint("yellow", `${done}; left as it is (${left})`) : paint("green", `${done}${because}`);
    }
    case "default": {
      const reasons = banners.map((choice) => `${choice.banner} (${choice.reason})`);
      return `the store's own: ${reasons.join(", ")}${because}`;
    }
    case "pass":
      return `passed on${because}`;
    case "forward":
      return `forwarded${because}`;
    default:
      return `${plan}${because}`;
  }
}

function describeMembership({ membership }: Plan): string {
  if (membership.kind === "none") return `no membership: ${membership.reason ?? "none"}`;
  return `in ${membership.count ?? 0}`;
}

/** A line of the Worker's log for a person; null for what has been told already. */
export function describeLogLine(line: string): string | null {
  const entry = readEntry(line);
  if (entry === null) return line;
  const { event, ...details } = entry;
  if (event === "request" || event === "settings-warning") return null;
  const words = describeEvent(String(event), details);
  return paint("yellow", words);
}

function describeEvent(event: string, details: Readonly<Record<string, unknown>>): string {
  if (event === "place-missing") {
    return `${details["path"]} has no place for ${details["banners"]}: the banner's selector finds nothing there.`;
  }
  const facts = Object.entries(details).map(([key, value]) => `${key} ${showFact(value)}`);
  return [event, ...facts].join("  ");
}

function showFact(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function readEntry(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "object" && entry !== null && "event" in entry ? { ...entry } : null;
  } catch {
    return null;
  }
}
