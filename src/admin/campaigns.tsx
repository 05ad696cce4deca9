/** The page of the campaigns: what is live now, for whom, where and when, and what is wrong with it. */

import type { Context as Asked } from "hono";
import { phaseOf } from "../core/campaigns/standing.ts";
import type { Campaigns } from "../core/campaigns.ts";
import { BannerCard, OfferCard } from "./campaign-card.tsx";
import {
  type CampaignListing,
  campaignsAddress,
  type Item,
  listCampaigns,
  PAGE_SIZE,
  readCampaignListing,
} from "./campaign-listing.ts";
import { CampaignSearch } from "./campaign-search.tsx";
import { writePolicy } from "./headers.ts";
import { answerPage, Layout } from "./layout.tsx";
import { type CampaignsSource, type Context, type Live, loadContext, loadLive } from "./live-campaigns.ts";
import { LiveSearch } from "./live-search.tsx";
import { formatDistance, RecentMoment } from "./moment.tsx";
import { Paging } from "./paging.tsx";
import { findBannerConcerns, findOfferConcerns } from "./risk.ts";
import { type Pictures, pictureOrigins } from "./variant-picture.tsx";
import { ForPublishers } from "./visitor.tsx";
import { Wrong } from "./wrong.tsx";

interface Shown {
  readonly live: Live;
  readonly context: Context;
}

export async function answerCampaignsPage(c: Asked, source: CampaignsSource) {
  const [live, context] = await Promise.all([loadLive(source), loadContext(source, "counted")]);
  const dashboard = new URL(c.req.url);
  const pictures = { websites: source.websites, dashboard };
  if (live.kind === "live") {
    const images = pictureOrigins(live.stored.campaigns.banners, pictures);
    c.header("content-security-policy", writePolicy({ images, script: true }));
  }
  const page = (
    <Layout title="Campaigns · Edge Audiences" here="campaigns" head={<LiveSearch />}>
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
        <Standing
          campaigns={live.stored.campaigns}
          context={context}
          listing={readCampaignListing(dashboard.searchParams)}
          pictures={pictures}
        />
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
  readonly listing: CampaignListing;
  readonly pictures: Pictures;
}

function itemsOf({ banners, offers }: Campaigns, context: Context): readonly Item[] {
  return [
    ...banners.map((banner): Item => {
      return { kind: "banner", banner, risks: findBannerConcerns(banner, offers, context) };
    }),
    ...offers.map((offer): Item => ({ kind: "offer", offer, risks: findOfferConcerns(offer, context) })),
  ];
}

function Standing({ campaigns, context, listing, pictures }: StandingProps) {
  const { nowMs } = context.around;
  const { banners, offers } = campaigns;
  if (banners.length + offers.length === 0) {
    return (
      <section class="empty">
        <h2>No campaigns yet</h2>
        <p>Everybody sees the store’s own pages. Campaigns come as a file.</p>
        <ForPublishers>
          <a class="button" href="/history#publish">
            Publish a file
          </a>
        </ForPublishers>
      </section>
    );
  }
  const items = itemsOf(campaigns, context);
  const listed = listCampaigns(items, listing, context);
  const shownBanners = listed.rows.flatMap((item) => (item.kind === "banner" ? [item] : []));
  const shownOffers = listed.rows.flatMap((item) => (item.kind === "offer" ? [item] : []));
  return (
    <>
      <div data-live>
        <Wrong items={items} shown={listed.rows} context={context} />
      </div>
      <CampaignSearch listing={listing} found={listed.found} total={items.length} />
      <div data-live>
        {listed.found === 0 && (
          <section class="empty">
            <h2>Nothing of that kind</h2>
            <a class="button" href="/campaigns">
              Show all {items.length.toLocaleString("en")}
            </a>
          </section>
        )}
        {shownBanners.length > 0 && (
          <section class="stack" aria-labelledby="banners">
            <h2 class="part" id="banners">
              Banners <small>{countPhases(banners, nowMs)}</small>
            </h2>
            {shownBanners.map((one) => (
              <BannerCard {...one} context={context} pictures={pictures} />
            ))}
          </section>
        )}
        {shownOffers.length > 0 && (
          <section class="stack" aria-labelledby="offers">
            <h2 class="part" id="offers">
              Offers <small>{countPhases(offers, nowMs)}</small>
            </h2>
            {shownOffers.map((one) => (
              <OfferCard {...one} context={context} />
            ))}
          </section>
        )}
        <Paging {...listed} size={PAGE_SIZE} address={(page) => campaignsAddress({ ...listing, page })} />
      </div>
      <p class="muted small">All times are UTC.</p>
    </>
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
