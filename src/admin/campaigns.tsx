/** The page of the campaigns: what is live now, for whom, where and when, and what is wrong with it. */

import type { Context as Asked } from "hono";
import { findBannerRisks, findOfferRisks, phaseOf, type Risk } from "../core/campaigns/standing.ts";
import { listWords } from "../core/campaigns/words.ts";
import type { Campaigns } from "../core/campaigns.ts";
import { BannerCard, OfferCard } from "./campaign-card.tsx";
import { answerPage, Layout } from "./layout.tsx";
import { type CampaignsSource, type Context, type Live, loadContext, loadLive } from "./live-campaigns.ts";
import { formatDistance, RecentMoment } from "./moment.tsx";
import { describeRisk } from "./risk.ts";
import { ForPublishers } from "./visitor.tsx";

interface Shown {
  readonly live: Live;
  readonly context: Context;
}

export async function answerCampaignsPage(c: Asked, source: CampaignsSource) {
  const [live, context] = await Promise.all([loadLive(source), loadContext(source)]);
  const page = (
    <Layout title="Campaigns · Edge Audiences" here="campaigns">
      <div class="head">
        <h1>Campaigns</h1>
        <Source live={live} context={context} />
        <ForPublishers>
          {!isEmpty(live) && (
            <a class="button" href="/history#publish">
              Publish a file
            </a>
          )}
        </ForPublishers>
      </div>
      {live.kind === "unreadable" ? (
        <section class="notice bad" role="alert">
          <h2>The campaigns can’t be read</h2>
          <p>{live.reason}</p>
          <p>Shoppers get the last version that could be read, or the store’s own pages.</p>
        </section>
      ) : (
        <Standing campaigns={live.stored.campaigns} context={context} />
      )}
    </Layout>
  );
  return answerPage(c, page, live.kind === "unreadable" ? 503 : 200);
}

function isEmpty(live: Live): boolean {
  if (live.kind === "unreadable") return false;
  const { banners, offers } = live.stored.campaigns;
  return banners.length + offers.length === 0;
}

/** Which version that is, and since when. */
function Source({ live, context: { version, around } }: Shown) {
  if (live.kind === "unreadable") return null;
  const { stored, from } = live;
  const known = version !== null && version.digest === stored.version ? version : null;
  const atMs = Date.parse(stored.publishedAt);
  if (from === "deployment") {
    return (
      <p class="muted">
        Nothing was published yet: these are the campaigns that were deployed with the Worker
      </p>
    );
  }
  return (
    <p class="muted">
      {known === null ? (
        <>
          Live is <code>{stored.version}</code>, which is not the history’s newest
        </>
      ) : (
        <>
          Live is <a href={`/history#v${known.number}`}>version {known.number}</a> by {known.who}
        </>
      )}
      {Number.isNaN(atMs) ? null : (
        <>
          , published <RecentMoment atMs={atMs} nowMs={around.nowMs} /> ({formatDistance(atMs, around.nowMs)})
        </>
      )}
    </p>
  );
}

interface StandingProps {
  readonly campaigns: Campaigns;
  readonly context: Context;
}

function Standing({ campaigns: { banners, offers }, context }: StandingProps) {
  const { around } = context;
  const shownBanners = banners.map((banner) => ({ banner, risks: findBannerRisks(banner, around) }));
  const shownOffers = offers.map((offer) => ({ offer, risks: findOfferRisks(offer, around) }));
  const wrong = [
    ...shownBanners.map(({ banner, risks }) => ({ href: `#banner-${banner.id}`, name: banner.id, risks })),
    ...shownOffers.map(({ offer, risks }) => ({ href: `#offer-${offer.id}`, name: offer.id, risks })),
  ].filter(({ risks }) => risks.length > 0);
  if (banners.length + offers.length === 0) {
    return (
      <section class="empty">
        <h2>No campaigns yet</h2>
        <p>Everybody sees the store’s own pages. Campaigns come as a file:</p>
        <a class="button" href="/history#publish">
          Publish a file
        </a>
      </section>
    );
  }
  return (
    <>
      <Wrong wrong={wrong} context={context} />
      <section class="stack" aria-labelledby="banners">
        <h2 class="part" id="banners">
          Banners <small>{countPhases(banners, around.nowMs)}</small>
        </h2>
        {shownBanners.map((one) => (
          <BannerCard {...one} context={context} />
        ))}
        {banners.length === 0 && <p class="muted">None</p>}
      </section>
      <section class="stack" aria-labelledby="offers">
        <h2 class="part" id="offers">
          Offers <small>{countPhases(offers, around.nowMs)}</small>
        </h2>
        {shownOffers.map((one) => (
          <OfferCard {...one} context={context} />
        ))}
        {offers.length === 0 && <p class="muted">None</p>}
      </section>
      <p class="muted small">All times are UTC.</p>
    </>
  );
}

interface WrongProps {
  readonly wrong: readonly {
    readonly href: string;
    readonly name: string;
    readonly risks: readonly Risk[];
  }[];
  readonly context: Context;
}

function Wrong({ wrong, context }: WrongProps) {
  const unsynced = context.unsynced.length > 0 && (
    <p>
      Without a synced list nobody can say whether the audiences of{" "}
      <b>{listWords(context.unsynced, "and")}</b> still exist: <a href="/">sync them</a>.
    </p>
  );
  if (wrong.length === 0) {
    return unsynced ? <section class="notice">{unsynced}</section> : <p class="fine">Nothing is wrong.</p>;
  }
  return (
    <section class="notice" aria-labelledby="wrong">
      <h2 id="wrong">{wrong.length === 1 ? "One needs" : `${wrong.length} need`} a look</h2>
      <ul>
        {wrong.flatMap(({ href, name, risks }) =>
          risks.map((risk) => (
            <li>
              <a href={href}>{name}</a>: <bdi>{describeRisk(risk, context.nameOf)}</bdi>
            </li>
          )),
        )}
      </ul>
      {unsynced}
    </section>
  );
}

/** `3 live, 1 planned` */
function countPhases(
  all: readonly { readonly schedule: Parameters<typeof phaseOf>[0] }[],
  nowMs: number,
): string {
  const phases = all.map(({ schedule }) => phaseOf(schedule, nowMs));
  return (["live", "planned", "over"] as const)
    .map((phase) => ({ phase, count: phases.filter((one) => one === phase).length }))
    .filter(({ count }) => count > 0)
    .map(({ phase, count }) => `${count} ${phase}`)
    .join(", ");
}
