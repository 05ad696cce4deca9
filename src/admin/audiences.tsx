/** The page of the audiences: how fresh the list is, what the last sync says, the search, the table. */

import type { Context } from "hono";
import type { Child } from "hono/jsx";
import { findUses } from "../core/campaigns/standing.ts";
import type { SyncReport } from "../core/sync-report.ts";
import type { ControlCalls } from "../edge/control/calls.ts";
import {
  type Account,
  type AccountSource,
  type Accounts,
  groupWebsites,
  type Holding,
  isReportOf,
  loadHolding,
  loadLastSync,
} from "./accounts.ts";
import { AudienceTable } from "./audience-table.tsx";
import { writePolicy } from "./headers.ts";
import { answerPage, Layout } from "./layout.tsx";
import { type Listing, listAudiences, listingAddress, readListing, type Uses } from "./listing.ts";
import { loadLive } from "./live-campaigns.ts";
import { LiveSearch } from "./live-search.tsx";
import { Paging } from "./paging.tsx";
import { Search } from "./search.tsx";
import { type Signing, SigningNotice } from "./signing.tsx";
import { loadProgress, Progress, ProgressHead } from "./sync-progress.tsx";
import { SyncButton, SyncLine, SyncNotice } from "./sync-state.tsx";

export interface AudiencesSource extends AccountSource {
  readonly signing: Signing;
  /** The campaigns that are deployed with the Worker, for what KV has none of. */
  readonly embedded: unknown;
  /** null: none is bound, and nobody knows how far a sync is. */
  readonly control: ControlCalls | null;
}

/** An account and its last sync; only of the one that is shown the list is read, it may be a megabyte. */
interface Seen {
  readonly account: Account;
  readonly lastSync: SyncReport | null;
}

/** `reports` are those of a sync that has just ended, and go before what KV remembers. */
export async function answerAudiencesPage(
  c: Context,
  { websites, kv, now, signing, embedded, control }: AudiencesSource,
  reports: readonly SyncReport[] = [],
) {
  const asked = new URL(c.req.url).searchParams;
  const { listing } = readListing(asked);
  // A form says its empty fields too; what is shared is the short address.
  if (reports.length === 0 && asked.get("since") === "") return c.redirect(listingAddress(listing), 303);
  const accounts = groupWebsites(websites);
  const all = await Promise.all(
    accounts.connected.map(async (account): Promise<Seen> => {
      const fresh = reports.find((report) => isReportOf(account, report));
      return { account, lastSync: fresh ?? (await loadLastSync(kv, account)) };
    }),
  );
  const shown = all.find(({ account }) => account.websites.includes(listing.website ?? "")) ?? all[0];
  const notice = <SigningNotice signing={signing} websites={websites} />;
  if (shown === undefined) {
    return answerPage(c, <UnconnectedPage websites={accounts.unconnected}>{notice}</UnconnectedPage>);
  }
  const [holding, live, progress] = await Promise.all([
    loadHolding(kv, shown.account),
    loadLive({ kv, embedded }),
    loadProgress(control, shown.account),
  ]);
  const uses = live.kind === "live" ? findUses(live.stored.campaigns) : null;
  c.header("content-security-policy", writePolicy({ script: true }));
  const page = (
    <Layout
      title="Audiences · Edge Audiences"
      here="audiences"
      head={
        <>
          <ProgressHead progress={reports.length === 0 ? progress : null} />
          <LiveSearch />
        </>
      }
    >
      <Head shown={shown} holding={holding} listing={listing} nowMs={now()} />
      <Switch all={all} shown={shown} />
      <Progress progress={progress} />
      <SyncNotice lastSync={shown.lastSync} holding={holding} nowMs={now()} />
      {notice}
      <Content holding={holding} listing={listing} uses={uses} nowMs={now()} />
      <Unconnected accounts={accounts} />
    </Layout>
  );
  return answerPage(c, page, holding.kind === "unreadable" ? 503 : 200);
}

interface HeadProps {
  readonly shown: Seen;
  readonly holding: Holding;
  readonly listing: Listing;
  readonly nowMs: number;
}

function Head({ shown, holding, listing, nowMs }: HeadProps) {
  return (
    <div class="head">
      <h1>Audiences</h1>
      <SyncLine lastSync={shown.lastSync} holding={holding} nowMs={nowMs} />
      {holding.kind !== "never-synced" && <SyncButton listing={listing} />}
    </div>
  );
}

/** Websites of one sandbox stand together: they share its audiences. */
function Switch({ all, shown }: { all: readonly Seen[]; shown: Seen }) {
  if (all.length < 2) return null;
  return (
    <nav class="switch" aria-label="Adobe accounts">
      {all.map(({ account, lastSync }) => (
        <a
          href={`/?website=${encodeURIComponent(account.websites[0] ?? "")}`}
          aria-current={account === shown.account ? "page" : undefined}
        >
          {account.websites.join(", ")} <small>{account.adobe.sandbox}</small>
          {lastSync && lastSync.outcome !== "saved" && <small class="warn"> sync {lastSync.outcome}</small>}
        </a>
      ))}
    </nav>
  );
}

function Content({ holding, listing, uses, nowMs }: Omit<HeadProps, "shown"> & { readonly uses: Uses }) {
  switch (holding.kind) {
    case "unreadable":
      return (
        <section class="notice bad" role="alert">
          <h2>The list can’t be read</h2>
          <p>{holding.reason}</p>
          <p>Shoppers are served all the same.</p>
        </section>
      );
    case "never-synced":
      return (
        <section class="empty">
          <h2>No audiences yet</h2>
          <p>Adobe’s list comes on the Worker’s schedule, or at once:</p>
          <SyncButton listing={listing} />
        </section>
      );
    case "synced":
      return <Found holding={holding} listing={listing} uses={uses} nowMs={nowMs} />;
  }
}

interface FoundProps {
  readonly holding: Holding & { kind: "synced" };
  readonly listing: Listing;
  readonly uses: Uses;
  readonly nowMs: number;
}

function Found({ holding, listing, uses, nowMs }: FoundProps) {
  const listed = listAudiences(holding.list.audiences, listing, uses);
  return (
    <>
      <Search listing={listing} listed={listed} />
      <div data-live>
        {listed.found === 0 ? (
          <section class="empty">
            <h2>
              No audience matches{" "}
              {listing.search === "" ? (
                "these dates"
              ) : (
                <>
                  “<bdi>{listing.search}</bdi>”
                </>
              )}
            </h2>
            <p>Each word is looked for in name, id, origin and evaluation.</p>
            <a
              class="button"
              href={listingAddress({ ...listing, search: "", since: null, until: null, page: 1 })}
            >
              Show all {listed.total.toLocaleString("en")}
            </a>
          </section>
        ) : (
          <AudienceTable rows={listed.rows} listing={listing} uses={uses} nowMs={nowMs} />
        )}
        <Paging {...listed} size={listing.rows} address={(to) => listingAddress({ ...listing, page: to })} />
        {listed.found > 0 && <Legend />}
      </div>
    </>
  );
}

function Legend() {
  return (
    <p class="muted small legend">
      <b class="edge">edge</b> decided during the visit, <b class="streaming">streaming</b> within minutes,{" "}
      <b class="batch">batch</b> about once a day. All times are UTC.
    </p>
  );
}

function Unconnected({ accounts: { unconnected } }: { accounts: Accounts }) {
  if (unconnected.length === 0) return null;
  return (
    <p class="muted small">
      Not connected to Adobe: <b>{unconnected.join(", ")}</b>
    </p>
  );
}

function UnconnectedPage({ websites, children }: { websites: readonly string[]; children: Child }) {
  return (
    <Layout title="Audiences · Edge Audiences" here="audiences">
      <div class="head">
        <h1>Audiences</h1>
      </div>
      {children}
      <section class="empty">
        <h2>No website is connected to Adobe</h2>
        <p>Name the organization and its sandbox in wrangler.toml, and deploy:</p>
        <pre>
          {`[vars.WEBSITES.${websites[0] ?? "main"}.adobe]\n`}
          {'organizationId = "…@AdobeOrg"\nsandbox = "prod"'}
        </pre>
        <p>
          The secrets <code>ADOBE_CLIENT_ID</code> and <code>ADOBE_CLIENT_SECRET</code> belong to it.
        </p>
      </section>
    </Layout>
  );
}
