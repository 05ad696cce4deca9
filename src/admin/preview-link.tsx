/** Preview links: what Try it shows, as a signed address of the shop, for whoever is given it, until it ends. */

import type { Context as Asked } from "hono";
import { MAX_PREVIEW_DAYS, MAX_PREVIEW_TOKEN, previewMembership } from "../core/preview.ts";
import { findVisitor, type SplitWish } from "../core/preview-split.ts";
import type { TrialPlan } from "../core/trial.ts";
import { withinBudget } from "../edge/budget.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import { describeError } from "../edge/log.ts";
import { previewPath } from "../edge/preview-endpoint.ts";
import { signPreview } from "../edge/preview-token.ts";
import type { AdminEnv } from "./actor.ts";
import type { Context } from "./live-campaigns.ts";
import { shopOrigin } from "./shop-address.ts";
import { pathOf, type TrialSource, type Tried } from "./trial.ts";
import { isDealt } from "./trial-fields.tsx";
import { type TrialForm, trialAddress } from "./trial-form.ts";

export interface LinkSource extends TrialSource {
  readonly control: ControlCalls | null;
}

/** `reason` is a sentence with the cure. */
export type PreviewLink =
  | { readonly kind: "made"; readonly address: string; readonly days: number }
  | { readonly kind: "none"; readonly reason: string };

/** What is shown, and as whom. */
export interface Looked {
  readonly form: TrialForm;
  readonly tried: Exclude<Tried, { kind: "unreadable" }>;
  readonly plan: TrialPlan;
}

const DAYS = [1, 7, MAX_PREVIEW_DAYS] as const;
const BUDGET_MS = 5_000;

/** Who may look may show it to others: it changes nothing for shoppers. Without a line in the audit log there is no link. */
export async function makePreviewLink(
  c: Asked<AdminEnv>,
  { services, control }: LinkSource,
  { form, tried, plan }: Looked,
  { nameOf }: Context,
): Promise<PreviewLink | null> {
  const dashboard = new URL(c.req.url);
  const days = DAYS.find((one) => String(one) === dashboard.searchParams.get("days"));
  const { previewSigner, now } = services;
  if (c.req.method !== "POST" || days === undefined || previewSigner === null) return null;
  if (control === null) return none("no control plane is bound, so nobody would know who made it");
  if (tried.kind === "version" && tried.digest === null) return none("KV did not take this version");
  const { website, storeView, audiences, atMs, version } = form;
  const path = pathOf(form);
  const names = [...new Set(audiences.map(nameOf))];
  try {
    const token = await signPreview(previewSigner, website.code, {
      path,
      audiences,
      names,
      atMs,
      campaigns: tried.kind === "version" ? tried.digest : null,
      split: pinSplit({ form, tried, plan }, now()),
      expiresSeconds: Math.floor(now() / 1000) + days * 86_400,
    });
    if (token.length > MAX_PREVIEW_TOKEN) return none("these are more audiences than a cookie holds");
    const what = version === null ? "what is live" : `version ${version}`;
    const detail = `${path} of ${website.code}, as ${describeWho(names)}, ${what}, good for ${describeDays(days)}`;
    const kept = control.recordPreview(c.get("actor"), detail).then(() => true);
    if ((await withinBudget(kept, BUDGET_MS)) === null) return none("the control plane does not answer");
    const shop = shopOrigin(website, storeView, dashboard);
    return { kind: "made", address: `${shop}${previewPath(website)}?link=${token}`, days };
  } catch (error) {
    return none(describeError(error));
  }
}

function none(reason: string): PreviewLink {
  return { kind: "none", reason };
}

/** Of a visitor whom somebody named, who opens the link is dealt the same. */
function pinSplit({ form, tried, plan }: Looked, nowMs: number) {
  if (form.visitor === "" || plan.page.kind === "pass") return null;
  const wishes = plan.page.choices.flatMap(({ banner: id, variant, reason }): SplitWish[] => {
    const banner = tried.campaigns.banners.find((one) => one.id === id);
    if (banner === undefined || (variant === null && reason !== "holdout")) return [];
    return isDealt({ banners: [banner] }) ? [{ banner, variant }] : [];
  });
  const shopper = { membership: previewMembership(form), nowMs: form.atMs ?? nowMs };
  const visitor = wishes.length === 0 ? null : findVisitor(wishes, shopper);
  if (visitor === null) return null;
  return { visitor, words: wishes.map(({ banner, variant }) => `${banner.id} ${variant ?? "holdout"}`) };
}

function describeWho(names: readonly string[]): string {
  return names.join(", ") || "somebody in no audience";
}

function describeDays(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}

interface LinkProps {
  readonly form: TrialForm;
  readonly link: PreviewLink | null;
  readonly query: URLSearchParams;
  readonly context: Context;
}

export function PreviewLinkPart({ form, link, query, context }: LinkProps) {
  const names = [...new Set(form.audiences.map(context.nameOf))];
  return (
    <form class="panel" id="link" method="post">
      <h2>Preview link</h2>
      <p>
        Shows {pathOf(form)} as <bdi>{describeWho(names)}</bdi> would see it, with{" "}
        {form.version === null ? "what is live" : `version ${form.version}`}, to whoever has it: pictures and
        words alone, no price and no code.
      </p>
      {link !== null && (
        <div role="status" class="stack">
          {link.kind === "made" ? (
            <>
              <p>
                Good for {describeDays(link.days)}.{" "}
                <a href={link.address} target="_blank" rel="noreferrer">
                  Open it
                </a>
                , or copy it:
              </p>
              <code>{link.address}</code>
            </>
          ) : (
            <p class="risk">No link was made: {link.reason}.</p>
          )}
        </div>
      )}
      <div class="actions">
        {DAYS.map((days) => (
          <button type="submit" formaction={`${trialAddress(query, { days: String(days) })}#link`}>
            Link for {describeDays(days)}
          </button>
        ))}
      </div>
    </form>
  );
}
