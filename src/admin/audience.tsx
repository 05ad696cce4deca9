/** The page of one audience: what Adobe says of it, what uses it, how it came to be so, and Try it as one of them. */

import type { Context as Asked } from "hono";
import type { Child } from "hono/jsx";
import { type Audience, type AudienceId, parseAudienceId } from "../core/audience.ts";
import { findUses, type Use } from "../core/campaigns/standing.ts";
import type { Account } from "./accounts.ts";
import { type AudienceEvent, loadAudienceHistory } from "./audience-history.ts";
import { Evaluation, Modified, shortenName, useAddress } from "./audience-table.tsx";
import type { HistorySource } from "./history.tsx";
import { answerPage, Layout, NoticePage } from "./layout.tsx";
import {
  type CampaignsSource,
  type Context,
  type ListOfAccount,
  loadContext,
  loadLive,
} from "./live-campaigns.ts";
import { RecentMoment } from "./moment.tsx";

export interface AudienceSource extends CampaignsSource, HistorySource {}

/** Where it stands: in which account's list. */
interface Found {
  readonly audience: Audience;
  readonly account: Account;
}

export async function answerAudiencePage(c: Asked, source: AudienceSource) {
  const id = parseAudienceId(c.req.param("id") ?? "");
  if (id === null) return answerPage(c, <Missing id={null} />, 404);
  const [live, context, history] = await Promise.all([
    loadLive(source),
    loadContext(source),
    loadAudienceHistory(id, source.control),
  ]);
  const found = findAudience(id, context, c.req.query("website") ?? null);
  const uses = live.kind === "live" ? (findUses(live.stored.campaigns).get(id) ?? []) : null;
  if (found === null && (uses ?? []).length === 0 && history.length === 0) {
    return answerPage(c, <Missing id={id} />, 404);
  }
  const nowMs = source.now();
  const name = found?.audience.name.trim() || context.nameOf(id);
  const alias = context.around.names.get(id)?.name ?? null;
  const page = (
    <Layout title={`${shortenName(name)} · Edge Audiences`} here="audiences">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/">Audiences</a>
      </nav>
      <div class="head">
        <h1>
          <bdi>{name}</bdi>
        </h1>
        <p class="muted">
          <code>{id}</code>
        </p>
        <a class="button" href={`/try?for=${id}`}>
          Try it as one of them
        </a>
      </div>
      {found === null && <Vanished />}
      <div class="sides">
        {found !== null && <Facts {...found} alias={alias} nowMs={nowMs} />}
        <section class="panel" aria-labelledby="uses">
          <h2 id="uses">What uses it</h2>
          <UseList uses={uses} />
        </section>
      </div>
      <section class="stack" aria-labelledby="history">
        <h2 class="part" id="history">
          History <small>of the last syncs and versions</small>
        </h2>
        <Events events={history} nowMs={nowMs} />
      </section>
      <p class="muted small">All times are UTC.</p>
    </Layout>
  );
  return answerPage(c, page);
}

/** In the account of the website that was looked at first. */
function findAudience(id: AudienceId, { lists }: Context, website: string | null): Found | null {
  const here = ({ account }: ListOfAccount) => (account.websites.includes(website ?? "") ? 0 : 1);
  const found = [...lists]
    .sort((a, b) => here(a) - here(b))
    .flatMap(({ account, audiences }) =>
      audiences.filter((audience) => audience.id === id).map((audience) => ({ audience, account })),
    );
  return found[0] ?? null;
}

function Missing({ id }: { id: AudienceId | null }) {
  return (
    <NoticePage title="No such audience">
      <p>
        {id === null ? "That is no audience’s id." : "Adobe’s list does not have it, and nothing uses it."}{" "}
        <a href="/">Go to the audiences</a>
      </p>
    </NoticePage>
  );
}

function Vanished() {
  return (
    <section class="notice" role="note">
      <p>Adobe’s list does not have this audience (any more), so nobody is in it.</p>
    </section>
  );
}

interface FactsProps extends Found {
  /** The file's name for it; null: it has none. */
  readonly alias: string | null;
  readonly nowMs: number;
}

function Facts({ audience, account, alias, nowMs }: FactsProps) {
  const { description, origin, lastModifiedMs, lifecycle, websites } = audience;
  return (
    <section class="panel" aria-labelledby="facts">
      <h2 id="facts">What Adobe says</h2>
      {description.trim() !== "" && (
        <p>
          <bdi>{description}</bdi>
        </p>
      )}
      <dl class="facts">
        {alias !== null && (
          <Fact name="In the file">
            <bdi>{alias}</bdi>
          </Fact>
        )}
        <Fact name="Origin">
          <bdi>{origin}</bdi>
        </Fact>
        <Fact name="Evaluation">
          <Evaluation audience={audience} /> <small class="muted">{describeSpeed(audience)}</small>
        </Fact>
        <Fact name="Websites">
          {websites === null ? account.websites.join(", ") : websites.join(", ") || "none"}
        </Fact>
        <Fact name="Sandbox">{account.adobe.sandbox}</Fact>
        {lifecycle !== null && (
          <Fact name="State">
            <bdi>{lifecycle}</bdi>
          </Fact>
        )}
        <Fact name="Last modified">
          <Modified atMs={lastModifiedMs} nowMs={nowMs} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children?: Child }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function describeSpeed({ evaluation }: Audience): string {
  if (evaluation.includes("edge")) return "decided during the visit";
  if (evaluation.includes("streaming")) return "within minutes";
  return evaluation.includes("batch") ? "about once a day" : "";
}

function UseList({ uses }: { uses: readonly Use[] | null }) {
  if (uses === null) return <p class="muted">Unknown: the live campaigns can’t be read.</p>;
  if (uses.length === 0)
    return <p class="muted">Nothing. No banner and no offer of the live campaigns names it.</p>;
  return (
    <ul class="plain">
      {uses.map((use) => (
        <li>
          <a href={useAddress(use)}>{use.id}</a> <small class="muted">{use.kind}</small>
        </li>
      ))}
    </ul>
  );
}

function Events({ events, nowMs }: { events: readonly AudienceEvent[]; nowMs: number }) {
  if (events.length === 0) return <p class="muted">Nothing is noted of it yet.</p>;
  return (
    <ul class="log">
      {events.map(({ atMs, sentence, who }) => (
        <li>
          <RecentMoment atMs={atMs} nowMs={nowMs} />
          <div>
            <bdi>{sentence}</bdi> <small>{who}</small>
          </div>
        </li>
      ))}
    </ul>
  );
}
