/** Try it, worked out: which campaigns are tried, the plan of the live request, and the address of the page's frame. */

import { type BannerIndex, indexBanners } from "../core/banner.ts";
import type { Campaigns } from "../core/campaigns.ts";
import { frameAddress, inStoreView } from "../core/framed-page.ts";
import { indexOffers } from "../core/offer.ts";
import { isReservedPath } from "../core/path.ts";
import { chooseStoreView } from "../core/store-view.ts";
import { readStoredCampaigns, type StoredCampaigns } from "../core/stored-campaigns.ts";
import { planTrial, type TrialPlan, trialMembership } from "../core/trial.ts";
import { belowPrefix } from "../core/virtual-host.ts";
import { DRAFT_SECONDS, digestDraft, draftKey } from "../edge/draft.ts";
import { signFramedPage } from "../edge/frame-token.ts";
import { describeError } from "../edge/log.ts";
import type { Services } from "../edge/services.ts";
import { modeOf } from "../edge/switch.ts";
import { type CampaignsSource, loadLive } from "./live-campaigns.ts";
import { shopOrigin } from "./shop-address.ts";
import type { TrialForm } from "./trial-form.ts";

export interface TrialSource extends CampaignsSource {
  readonly services: Services;
}

/** The campaigns that are tried. */
export type Tried =
  | { readonly kind: "live"; readonly campaigns: Campaigns }
  /** `digest`: under which the frame finds it; null: KV did not take it. */
  | { readonly kind: "version"; readonly campaigns: Campaigns; readonly digest: string | null }
  /** `reason` is a sentence with the cure. */
  | { readonly kind: "unreadable"; readonly reason: string };

/** `address`: of the page as that shopper sees it; else why it can't be shown, as a sentence. */
export type Frame =
  | { readonly kind: "framed"; readonly address: string; readonly origin: string }
  | { readonly kind: "none"; readonly reason: string };

/** A person looks at it, and reloads what has ended. */
const FRAME_SECONDS = 600;
export async function loadTried(
  source: Pick<TrialSource, "kv" | "embedded" | "versions">,
  version: number | null,
): Promise<Tried> {
  if (version === null) {
    const live = await loadLive(source);
    return live.kind === "live" ? { kind: "live", campaigns: live.stored.campaigns } : live;
  }
  const compiled = await source.versions.compile(version);
  if (compiled.kind === "unavailable") return { kind: "unreadable", reason: compiled.reason };
  if (compiled.value === null) return { kind: "unreadable", reason: `There is no version ${version}.` };
  if (!compiled.value.ok) {
    const reason = `Version ${version} no longer passes the check: publish it again to read why.`;
    return { kind: "unreadable", reason };
  }
  const { text } = compiled.value.value;
  const stored = readStoredCampaigns(JSON.parse(text));
  if (!stored.ok) return { kind: "unreadable", reason: `Version ${version} is ${stored.error}.` };
  return { kind: "version", campaigns: campaignsOf(stored.value), digest: await keepDraft(source.kv, text) };
}

/** In the store view that is tried. */
export function pathOf({ path, storeView }: Pick<TrialForm, "path" | "storeView">): string {
  return inStoreView(path, storeView);
}

function campaignsOf({ campaigns }: StoredCampaigns): Campaigns {
  return campaigns;
}

async function keepDraft(kv: KVNamespace | undefined, text: string): Promise<string | null> {
  try {
    const digest = await digestDraft(text);
    await kv?.put(draftKey(digest), text, { expirationTtl: DRAFT_SECONDS });
    return kv === undefined ? null : digest;
  } catch {
    return null;
  }
}

/** As the live request is planned, but for the shopper of the form. */
export function planForm(
  form: TrialForm,
  { banners, offers }: Campaigns,
  { adminPath, now }: Services,
): TrialPlan {
  const { website, storeView, device, visitor, audiences, trust, atMs } = form;
  const { pathname: path, searchParams } = new URL(pathOf(form), "https://path.invalid");
  const index: BannerIndex = indexBanners(banners, website.code, adminPath);
  const host = new URL(shopOrigin(website, storeView, new URL("https://path.invalid"))).hostname;
  const query = searchParams.get("___store");
  return planTrial(
    {
      website,
      path,
      nowMs: atMs ?? now(),
      storeView: chooseStoreView({ website, host, path, header: null, query, cookie: null }),
      device,
      pageTypes: null,
      visitor: visitor === "" ? null : visitor,
      membership: trialMembership(audiences, trust),
    },
    { index, offers: indexOffers(offers, website.code), adminPath },
  );
}

/** `dashboard`: the address at which this very page was asked for. */
export async function openFrame(
  form: TrialForm,
  tried: Exclude<Tried, { kind: "unreadable" }>,
  services: Services,
  dashboard: URL,
): Promise<Frame> {
  const { website } = form;
  const path = pathOf(form);
  const { frameSigner, adminPath, now } = services;
  if (frameSigner === null) {
    const cure = "npm run --silent secret:new | npx wrangler secret put SIGNING_SECRET";
    return none(`The page itself is shown by a signed address, and there is no SIGNING_SECRET: ${cure}`);
  }
  const { pathname } = new URL(path, "https://path.invalid");
  if (isReservedPath(belowPrefix(pathname, website), adminPath))
    return none("Pages of the shop’s machinery are not shown here.");
  if ((await currentMode(form, services)) === "off")
    return none("The Worker is turned off for this website, so it shows no page.");
  if (tried.kind === "version" && tried.digest === null)
    return none("KV did not take this version for a look; try again in a minute.");
  const { audiences, trust, atMs, storeView, device, visitor } = form;
  const origin = shopOrigin(website, storeView, dashboard);
  try {
    const token = await signFramedPage(frameSigner, website.code, {
      path,
      audiences,
      trust,
      atMs,
      campaigns: tried.kind === "version" ? tried.digest : null,
      device,
      visitor: visitor === "" ? null : visitor,
      ancestor: dashboard.origin,
      expiresSeconds: Math.floor(now() / 1000) + FRAME_SECONDS,
    });
    return { kind: "framed", address: frameAddress(origin, path, token), origin };
  } catch (error) {
    return none(`The page’s address could not be signed (${describeError(error)}).`);
  }
}

export async function currentMode({ website }: Pick<TrialForm, "website">, services: Services) {
  const { value } = await services.switch.read(services.now(), () => undefined);
  return modeOf(website, value);
}

function none(reason: string): Frame {
  return { kind: "none", reason };
}
