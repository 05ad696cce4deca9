/** Makes preview links: a page as an audience will see it, signed, for whoever is given the link, until it ends. */

import type { Banner } from "../src/core/banner.ts";
import { MAX_PREVIEW_DAYS, MAX_PREVIEW_TOKEN, type Preview, previewMembership } from "../src/core/preview.ts";
import { isPagePath } from "../src/core/signed-page.ts";
import { readStoredCampaigns } from "../src/core/stored-campaigns.ts";
import type { Website } from "../src/core/website.ts";
import { CAMPAIGNS_KEY } from "../src/edge/campaigns.ts";
import { DRAFT_SECONDS, digestDraft, draftKey } from "../src/edge/draft.ts";
import { signPreview } from "../src/edge/preview-token.ts";
import { compileCampaigns } from "../src/edge/publish.ts";
import { openSigner } from "../src/edge/signing.ts";
import { type AudienceBook, bookOf, findAudiences, readMoment } from "./campaigns/audience-book.ts";
import { printProblems, readCampaignsFile } from "./campaigns/check.ts";
import { readSplit } from "./campaigns/split-wish.ts";
import { readCampaigns } from "./campaigns/summary.ts";
import {
  CommandError,
  count,
  type ExitCode,
  paint,
  readArguments,
  runCommand,
  wrongUsage,
} from "./command.ts";
import {
  type Deployment,
  deploymentHelp,
  deploymentOptions,
  findAdminPath,
  findWebsite,
  readDeployment,
} from "./deployment.ts";
import { openKv, type Place, placeOptions, readPlace } from "./kv.ts";

const help = `
node cli/preview.ts --path / --audiences vip [--campaigns FILE] [--days 7] [--local]
  Prints a link that shows a page of the shop as those audiences see it. It acts on banners alone: no price, no
  code and no answer of Adobe's changes, and nobody but who has the link sees anything of it.
  --path PATH         the page that it leads to (default: /)
  --audiences NAMES   as the campaigns name them, or by id, with commas; none: somebody in no audience
  --campaigns FILE    this file in place of what is published; it is kept in KV for a month
  --at TIME           at that time, like 2026-12-24T10:00:00+01:00 (default: whenever it is opened)
  --split NAMES       in these splits: home-hero=b, or home-hero=holdout, with commas
  --days NUMBER       how long it is good for (default: 7, at most ${MAX_PREVIEW_DAYS})
  --website CODE      where wrangler.toml has several
  --url ADDRESS       the shop's own, where it is not https and the first of its hosts
  --remote            for the deployed Worker (the default); SIGNING_SECRET is read from the environment
  --local             for npm run dev on this machine; SIGNING_SECRET may stand in .dev.vars
  ${deploymentHelp}
A link can't be taken back before it ends, but by changing SIGNING_SECRET.

Through npm: npm run preview:link -- --path / --audiences vip
`;

const options = {
  ...deploymentOptions,
  ...placeOptions,
  path: { type: "string", default: "/" },
  audiences: { type: "string", multiple: true, default: [] as string[] },
  campaigns: { type: "string" },
  at: { type: "string" },
  split: { type: "string", multiple: true, default: [] as string[] },
  days: { type: "string", default: "7" },
  website: { type: "string" },
  url: { type: "string" },
} as const;

export async function runPreview(words: string[]): Promise<ExitCode> {
  const { values, positionals } = readArguments(words, options);
  if (positionals.length > 0) throw wrongUsage(`Everything has a name here; found ${positionals.join(" ")}.`);
  const place = readPlace(values, "remote");
  const days = readDays(values.days);
  const path = readLinkPath(values.path);
  const atMs = values.at === undefined ? null : readMoment(values.at);
  const deployment = readDeployment(values);
  const website = findWebsite(values.website, deployment);
  const shop = readShop(values.url, website, place);
  const secret = findSecret(deployment, place);
  const draft = values.campaigns === undefined ? undefined : await compileDraft(values.campaigns, deployment);
  if (draft === null) return 1;
  const audiences = findAudiences(values.audiences, draft?.book ?? new Map());
  const banners = draft?.banners ?? (values.split.length > 0 ? await loadBanners(deployment, place) : []);
  const membership = previewMembership({ audiences: audiences.map(({ id }) => id) });
  const split = readSplit(values.split, banners, { membership, nowMs: atMs ?? Date.now() });
  const preview: Preview = {
    path,
    audiences: audiences.map(({ id }) => id),
    names: [...new Set(audiences.map(({ name }) => name))],
    atMs,
    campaigns: draft?.digest ?? null,
    split,
    expiresSeconds: Math.floor(Date.now() / 1000) + days * 86_400,
  };
  const token = await signPreview(openSigner([secret], "preview"), website.code, preview);
  if (token.length > MAX_PREVIEW_TOKEN)
    throw wrongUsage("These are more audiences than a browser's cookie holds; leave some out.");
  if (draft) {
    await openKv(deployment, place).put(draftKey(draft.digest), draft.text, { ttlSeconds: DRAFT_SECONDS });
  }
  console.log(`${shop}${website.pathPrefix ?? ""}/_audience/preview?link=${token}`);
  const shows = draft ? "with a file that is not published" : "with the campaigns that are live";
  // Beside the link, so that the link alone can be handed on by a pipe.
  console.error(
    paint("dim", `Good for ${count(days, "day")}, for whoever has it; ${shows}.`, process.stderr),
  );
  return 0;
}

function readDays(written: string): number {
  const days = /^\d{1,3}$/.test(written) ? Number(written) : 0;
  if (days >= 1 && days <= MAX_PREVIEW_DAYS) return days;
  throw wrongUsage(`--days is a whole number from 1 to ${MAX_PREVIEW_DAYS}; found "${written}".`);
}

/** As a browser would write it, the query included. */
function readLinkPath(written: string): string {
  const base = "https://path.invalid";
  const url = written.startsWith("/") && URL.canParse(written, base) ? new URL(written, base) : null;
  const path = url && url.origin === base ? url.pathname + url.search : "";
  if (isPagePath(path)) return path;
  throw wrongUsage(
    `--path is what stands behind the host in the address bar, like /sale/; found "${written}".`,
  );
}

function readShop(written: string | undefined, { hosts }: Pick<Website, "hosts">, place: Place): string {
  if (written === undefined) return place === "local" ? "http://localhost:8787" : `https://${hosts[0]}`;
  if (URL.canParse(written) && /^https?:$/.test(new URL(written).protocol)) return new URL(written).origin;
  throw wrongUsage(`--url is an address like https://www.shop.example; found "${written}".`);
}

/** Cloudflare gives no secret back, and the one of this machine is another one than the deployed Worker's. */
function findSecret({ vars }: Deployment, place: Place): string {
  const local = place === "local" ? vars["SIGNING_SECRET"] : undefined;
  const secret = process.env["SIGNING_SECRET"] || (typeof local === "string" ? local : "");
  if (secret !== "") return secret;
  throw new CommandError(
    place === "local"
      ? "Previews are signed, and there is no SIGNING_SECRET in .dev.vars or the environment: npm run secret:new makes one."
      : "Previews are signed, and Cloudflare gives no secret back: put the deployed Worker's SIGNING_SECRET into the " +
          "environment of this command. Where there is none yet, npm run secret:new makes one.",
  );
}

interface Draft {
  readonly digest: string;
  readonly text: string;
  readonly book: AudienceBook;
  readonly banners: readonly Banner[];
}

/** null: what is wrong with it has been told. */
async function compileDraft(file: string, deployment: Deployment): Promise<Draft | null> {
  const written = readCampaignsFile(file);
  // Where the Worker does not know the admin path, it leaves "/*" out itself.
  const context = { ...deployment, adminPath: findAdminPath(deployment, "anywhere") ?? "" };
  // Of the same file always the same text, and so the same key.
  const compiled = await compileCampaigns(written, context, "");
  if (!compiled.ok) {
    printProblems(file, compiled.error);
    return null;
  }
  const { text } = compiled.value;
  const book = bookOf(readCampaigns(written).audiences);
  return { digest: await digestDraft(text), text, book, banners: readBanners(text) };
}

/** Who is dealt what hangs on what is live. */
async function loadBanners(deployment: Deployment, place: Place): Promise<readonly Banner[]> {
  const text = await openKv(deployment, place).get(CAMPAIGNS_KEY);
  if (text !== null) return readBanners(text);
  throw wrongUsage("No campaigns are live there, and so no split; name a file with --campaigns.");
}

function readBanners(compiled: string): readonly Banner[] {
  const stored = readStoredCampaigns(JSON.parse(compiled));
  return stored.ok ? stored.value.campaigns.banners : [];
}

if (import.meta.main) await runCommand(help, runPreview);
