/** The page of the health: what needs somebody, what this isolate serves, and what was counted in a day. */

import type { Context as Asked } from "hono";
import type { Child } from "hono/jsx";
import { type Check, type Verdict, worstOf } from "../core/health.ts";
import type { Totals } from "../core/totals.ts";
import { type HealthSource, loadHealth } from "./health-facts.ts";
import { answerPage, Layout } from "./layout.tsx";
import { formatMoment } from "./moment.tsx";

export async function answerHealthPage(c: Asked, source: HealthSource) {
  const { checks, facts, counted } = await loadHealth(source);
  const page = (
    <Layout title="Health · Edge Audiences" here="health">
      <div class="head">
        <h1>Health</h1>
        <p class="muted" role="status">
          {summarize(checks)} As of {formatMoment(facts.nowMs)}.
        </p>
        <a class="button" href="/health">
          Look again
        </a>
      </div>
      <Checks checks={checks} />
      <section class="stack" aria-labelledby="day">
        <h2 class="part" id="day">
          The last 24 hours <small>from Workers Analytics Engine, sampled</small>
        </h2>
        {counted.kind === "counted" ? (
          <Counts totals={counted.totals} />
        ) : (
          <p class="panel">{counted.reason}</p>
        )}
      </section>
      <p class="muted small">
        The campaigns’ version and age, and how Adobe is doing, are those of the one isolate that answered
        this page; there are others. For monitors: <code>GET /api/health</code>
      </p>
    </Layout>
  );
  return answerPage(c, page);
}

function summarize(checks: readonly Check[]): string {
  switch (worstOf(checks)) {
    case "pass":
      return "All is well.";
    case "warn":
      return "It works; something wants a look.";
    case "fail":
      return "Something is broken.";
  }
}

const words: Readonly<Record<Verdict, string>> = { pass: "fine", warn: "look", fail: "broken" };
const worstFirst = ["fail", "warn", "pass"] as const;

function Checks({ checks }: { checks: readonly Check[] }) {
  const sorted = worstFirst.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  return (
    <ul class="checks">
      {sorted.map(({ name, verdict, sentence }) => (
        <li class={verdict}>
          <b class={`phase ${verdict}`}>{words[verdict]}</b>
          <code>{name}</code>
          <bdi>{sentence}</bdi>
        </li>
      ))}
    </ul>
  );
}

function Counts({ totals }: { totals: Totals }) {
  const { shown, heldBack, verified, claimed, unknown, orders, refused, overruns } = totals;
  return (
    <>
      <dl class="counts">
        <Count name="Banners shown">{shown}</Count>
        <Count name="Held back to compare">{heldBack}</Count>
        <Count name="To verified shoppers">{verified}</Count>
        <Count name="To claimed ones">{claimed}</Count>
        <Count name="To unknown ones">{unknown}</Count>
        <Count name="Orders in a split">{orders}</Count>
        <Count name="Commerce too slow">{overruns}</Count>
        <Count name="Refused">{refused.reduce((sum, { count }) => sum + count, 0)}</Count>
      </dl>
      {refused.length > 0 && (
        <ul class="log">
          {refused.map(({ reason, count }) => (
            <li>
              <span>{count.toLocaleString("en")} refused</span>
              <bdi>{reason.replaceAll("-", " ")}</bdi>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Count({ name, children }: { name: string; children: Child }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof children === "number" ? children.toLocaleString("en") : children}</dd>
    </div>
  );
}
