/** One banner or one offer: where, when, for whom, and what is wrong with it. */

import type { Banner, Variant } from "../core/banner.ts";
import { phaseOf } from "../core/campaigns/standing.ts";
import { describePut, describeWhere, describeWhom, listWords } from "../core/campaigns/words.ts";
import type { Offer } from "../core/offer.ts";
import type { Schedule } from "../core/schedule.ts";
import type { Context } from "./live-campaigns.ts";
import { formatDistance, Moment } from "./moment.tsx";
import { type Concern, describeConcern } from "./risk.ts";
import { Picture, type Pictures } from "./variant-picture.tsx";

interface CardProps {
  readonly risks: readonly Concern[];
  readonly context: Context;
}

interface BannerProps extends CardProps {
  readonly banner: Banner;
  readonly pictures: Pictures;
}

export function BannerCard({ banner, risks, context, pictures }: BannerProps) {
  const { nowMs } = context.around;
  const { id, websites, schedule, variants, holdout, group, trust } = banner;
  return (
    <article class="campaign" id={`banner-${id}`}>
      <h3>
        {id} <Phase schedule={schedule} nowMs={nowMs} />
      </h3>
      <Risks risks={risks} context={context} />
      <dl>
        <dt>Websites</dt>
        <dd>{describeWebsites(websites)}</dd>
        <dt>Where</dt>
        <dd>
          <bdi>{describeWhere(banner)}</bdi>
        </dd>
        <dt>When</dt>
        <dd>
          <When schedule={schedule} nowMs={nowMs} />
        </dd>
        {group !== null && (
          <>
            <dt>Group</dt>
            <dd>a visitor sees one alone of {listWords(group.banners, "and")}</dd>
          </>
        )}
        {trust === "verified" && (
          <>
            <dt>Trust</dt>
            <dd>only who Adobe itself says is in the audience</dd>
          </>
        )}
      </dl>
      <ol class="variants">
        {holdout > 0 && <li>{holdout} % of the visitors see the store’s own, to measure against</li>}
        {variants.map((variant) => (
          <VariantLine variant={variant} banner={banner} context={context} pictures={pictures} />
        ))}
        <li class="muted">Everybody else sees the store’s own</li>
      </ol>
    </article>
  );
}

interface VariantProps {
  readonly variant: Variant;
  readonly banner: Banner;
  readonly context: Context;
  readonly pictures: Pictures;
}

function VariantLine({ variant, banner, context, pictures }: VariantProps) {
  const { nowMs } = context.around;
  const { id, schedule, share } = variant;
  const address = trialOf(banner, variant, context);
  return (
    <li>
      <Picture variant={variant} banner={banner} pictures={pictures} />
      <b>{id}</b> for {share === null ? "" : `${share} % of `}
      <bdi>{describeWhom(variant.for, context.nameOf)}</bdi>
      {schedule !== null && (
        <>
          {" "}
          <Phase schedule={schedule} nowMs={nowMs} /> <When schedule={schedule} nowMs={nowMs} />
        </>
      )}
      <small>
        <bdi>{describePut(variant, banner.selector)}</bdi>
      </small>
      {address !== null && (
        <small>
          <a href={address}>
            Try it<span class="hidden"> as {id}</span>
          </a>
          {" · "}
          <a href={`${address}#link`}>
            Preview link<span class="hidden"> as {id}</span>
          </a>
        </small>
      )}
    </li>
  );
}

/** As the fewest of its audiences; null: it stands on no page of its own, or for nobody whom boxes can name. */
function trialOf(
  { id, paths, websites, device }: Banner,
  variant: Variant,
  { around }: Context,
): string | null {
  const exact = paths.find(({ kind }) => kind !== "glob");
  const website = websites?.[0] ?? around.websites[0];
  if (exact === undefined || website === undefined || !around.websites.includes(website)) return null;
  const { any, all } = variant.for;
  const wanted = [...any.slice(0, 1), ...all].map((term) =>
    typeof term === "string" ? term : Array.isArray(term) ? (term[0] as string | undefined) : undefined,
  );
  if (wanted.includes(undefined)) return null;
  const query = new URLSearchParams({ ...(around.websites.length > 1 ? { website } : {}), path: exact.path });
  for (const one of wanted) query.append("for", one ?? "");
  if (device === "mobile") query.set("device", device);
  if (variant.share !== null) query.set("visitor", `${id}-1`);
  return `/try?${query}`;
}

export function OfferCard({ offer, risks, context }: CardProps & { offer: Offer }) {
  const { nowMs } = context.around;
  const { id, websites, coupon, exclusive, trust, schedule } = offer;
  return (
    <article class="campaign" id={`offer-${id}`}>
      <h3>
        {id} <Phase schedule={schedule} nowMs={nowMs} />
      </h3>
      <Risks risks={risks} context={context} />
      <dl>
        <dt>Coupon</dt>
        <dd>
          <code>{coupon}</code>
          {exclusive ? ", exclusive: nobody else may use it, even typed by hand" : ", which anybody may type"}
        </dd>
        <dt>For</dt>
        <dd>
          <bdi>{describeWhom(offer.for, context.nameOf)}</bdi>
          {trust === "claimed" && ", also who only says so"}
        </dd>
        <dt>Websites</dt>
        <dd>{describeWebsites(websites)}</dd>
        <dt>When</dt>
        <dd>
          <When schedule={schedule} nowMs={nowMs} />
        </dd>
      </dl>
    </article>
  );
}

function Risks({ risks, context }: CardProps) {
  return (
    <>
      {risks.map((risk) => (
        <p class="risk">
          <bdi>{describeConcern(risk, context.nameOf)}</bdi>
        </p>
      ))}
    </>
  );
}

interface WhenProps {
  readonly schedule: Schedule | null;
  readonly nowMs: number;
}

function Phase({ schedule, nowMs }: WhenProps) {
  const phase = phaseOf(schedule, nowMs);
  return <b class={`phase ${phase}`}>{phase}</b>;
}

function When({ schedule, nowMs }: WhenProps) {
  if (schedule === null) return <>always</>;
  const { fromMs, untilMs } = schedule;
  return (
    <>
      {fromMs !== null && (
        <>
          from <Moment atMs={fromMs} />{" "}
        </>
      )}
      {untilMs !== null && (
        <>
          until <Moment atMs={untilMs} />{" "}
        </>
      )}
      <span class="muted">{describeNext(schedule, nowMs)}</span>
    </>
  );
}

/** `(begins in 2 days)`, `(ended 3 hours ago)`; nothing where it has begun and has no end. */
function describeNext(schedule: Schedule, nowMs: number): string {
  const { fromMs, untilMs } = schedule;
  const phase = phaseOf(schedule, nowMs);
  if (phase === "planned" && fromMs !== null) return `(begins ${formatDistance(fromMs, nowMs)})`;
  if (untilMs === null) return "";
  return `(${phase === "over" ? "ended" : "ends"} ${formatDistance(untilMs, nowMs)})`;
}

function describeWebsites(websites: readonly string[] | null): string {
  return websites === null ? "all" : listWords(websites, "and");
}
