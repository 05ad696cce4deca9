/** Versions of the campaigns through the dashboard: publish one, list them, publish an old one again. */

import * as v from "valibot";
import { CommandError, count, type ExitCode, paint, readArguments, wrongUsage } from "../command.ts";
import {
  type Dashboard,
  type DashboardAnswer,
  dashboardOptions,
  describeRefusal,
  openDashboard,
} from "../dashboard.ts";
import { deploymentOptions, readDeployment } from "../deployment.ts";

const part = v.object({
  added: v.array(v.string()),
  removed: v.array(v.string()),
  changed: v.array(v.string()),
});

const version = v.object({
  number: v.number(),
  state: v.picklist(["draft", "published"]),
  digest: v.string(),
  at: v.string(),
  who: v.string(),
  note: v.string(),
  restores: v.nullable(v.number()),
  difference: v.object({ audiences: part, banners: part, offers: part }),
});
type Version = v.InferOutput<typeof version>;

const currentShape = v.object({ version: v.nullable(version) });
const listShape = v.object({ versions: v.array(version) });
const warning = v.object({ path: v.string(), message: v.string() });
const publishedShape = v.object({
  version,
  pending: v.nullable(v.string()),
  warnings: v.optional(v.array(warning), []),
});
const checkedShape = v.object({ warnings: v.array(warning) });

const options = { ...deploymentOptions, ...dashboardOptions } as const;

export async function runHistory(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage("history takes no file; another dashboard is --url ADDRESS.");
  const dashboard = openDashboard(values, readDeployment(values));
  const { versions } = await read(dashboard, "/api/campaigns/versions?limit=20", listShape);
  if (versions.length === 0) {
    console.log("No version was published through the control plane yet.");
    return 0;
  }
  const live = versions.find(({ state }) => state === "published")?.number;
  for (const one of versions) console.log(describeVersion(one, one.number === live));
  return 0;
}

export async function runRollback(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, {
    ...options,
    note: { type: "string", default: "" },
  });
  const dashboard = openDashboard(values, readDeployment(values));
  const number = positionals.length === 0 ? await findPrevious(dashboard) : readNumber(positionals);
  const { etag } = await ask(dashboard, "/api/campaigns");
  const path = `/api/campaigns/versions/${number}/publish?note=${encodeURIComponent(values.note)}`;
  const answer = await dashboard.ask(path, { method: "POST", headers: { "if-match": etag ?? "" } });
  return tellPublished(answer, dashboard, `version ${number}`);
}

export interface PublishOrder {
  readonly file: string;
  readonly text: string;
  readonly note: string;
  /** Whether what may not be meant keeps it from being published. */
  readonly strict: boolean;
}

/** On top of what is live now: who publishes in the same moment is not overwritten. */
export async function publishThrough(
  dashboard: Dashboard,
  { file, text, note, strict }: PublishOrder,
): Promise<ExitCode> {
  const { etag } = await ask(dashboard, "/api/campaigns");
  if (strict && !(await isHarmless(dashboard, text))) return 1;
  const answer = await dashboard.ask(`/api/campaigns?note=${encodeURIComponent(note)}`, {
    method: "PUT",
    headers: { "if-match": etag ?? "", "content-type": "application/json" },
    body: text,
  });
  return tellPublished(answer, dashboard, file);
}

/** What is wrong with it altogether, publishing says. */
async function isHarmless(dashboard: Dashboard, text: string): Promise<boolean> {
  const answer = await dashboard.ask("/api/campaigns/check", { method: "POST", body: text });
  const warnings = readAs(answer.text, checkedShape)?.warnings ?? [];
  tellWarnings(warnings);
  if (warnings.length > 0) console.error("Nothing was published: what was live is still live.");
  return warnings.length === 0;
}

function tellPublished(answer: DashboardAnswer, dashboard: Dashboard, what: string): ExitCode {
  const read = readAs(answer.text, publishedShape);
  if (read === null) {
    console.error(paint("red", `${dashboard.url.host} answered ${answer.status}:`, process.stderr));
    for (const line of describeRefusal(answer).split("\n")) console.error(`  ${line}`);
    console.error("Nothing was published: what was live is still live.");
    return 1;
  }
  const { number, digest } = read.version;
  tellWarnings(read.warnings);
  console.log(`${paint("green", "Published")} ${what} as version ${number} (${digest}).`);
  console.log(describeDifference(read.version));
  if (read.pending === null) console.log("Shoppers see it within about two minutes, as KV's caches renew.");
  else console.log(`KV has not taken it yet (${read.pending}); it is tried again until it has.`);
  return 0;
}

/** A name in the file may hold what a terminal would obey. */
function tellWarnings(warnings: readonly v.InferOutput<typeof warning>[]): void {
  for (const { path, message } of warnings) {
    const words = `${path}: ${message}`.replace(/[\p{Cc}\p{Cf}]/gu, "");
    console.error(`${paint("yellow", "Look twice:", process.stderr)} ${words}`);
  }
}

async function findPrevious(dashboard: Dashboard): Promise<number> {
  const { version: live } = await read(dashboard, "/api/campaigns", currentShape);
  const { versions } = await read(dashboard, "/api/campaigns/versions?limit=200", listShape);
  const before = versions.find(({ state, number }) => state === "published" && number < (live?.number ?? 0));
  if (before === undefined) throw new CommandError("There is no version before the live one.");
  return before.number;
}

function readNumber([written = "", ...more]: readonly string[]): number {
  const number = Number(written);
  if (more.length === 0 && Number.isInteger(number) && number > 0) return number;
  throw wrongUsage(`rollback takes the number of a version, as history shows it; found "${written}".`);
}

function describeVersion(one: Version, live: boolean): string {
  const state = live ? paint("green", "live") : one.state === "draft" ? "draft" : "";
  const restored = one.restores === null ? "" : ` (version ${one.restores} again)`;
  const head = `${paint("bold", String(one.number))}  ${one.at.slice(0, 16).replace("T", " ")}  ${one.who}`;
  const note = one.note === "" ? "" : `\n   ${one.note}`;
  return `${head}  ${state}${restored}${note}\n   ${describeDifference(one)}`;
}

function describeDifference({ difference }: Version): string {
  const words = (["audiences", "banners", "offers"] as const).flatMap((kind) =>
    (["added", "removed", "changed"] as const).flatMap((way) => {
      const names = difference[kind][way];
      const noun = kind.slice(0, -1);
      return names.length === 0 ? [] : [`${count(names.length, noun)} ${way} (${names.join(", ")})`];
    }),
  );
  return words.length === 0 ? "Nothing differs from the version before." : words.join("; ");
}

async function ask(dashboard: Dashboard, path: string): Promise<DashboardAnswer> {
  const answer = await dashboard.ask(path);
  if (answer.status === 200) return answer;
  throw new CommandError(`${dashboard.url.host} answered ${answer.status}: ${describeRefusal(answer)}`);
}

async function read<T>(dashboard: Dashboard, path: string, shape: v.GenericSchema<unknown, T>): Promise<T> {
  const value = readAs((await ask(dashboard, path)).text, shape);
  if (value !== null) return value;
  throw new CommandError(`${dashboard.url.host}: that is no dashboard's answer.`);
}

function readAs<T>(text: string, shape: v.GenericSchema<unknown, T>): T | null {
  try {
    const parsed = v.safeParse(shape, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
