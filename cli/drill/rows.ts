/** The rows of the drill: what breaks, who asks, and what they must get. */

import type { DrillOrder } from "../../demo/drill-order.ts";

export interface Row {
  readonly breaks: string;
  readonly order: DrillOrder;
  /** The pretend Adobe's own fault, beside the weather. */
  readonly adobe?: string;
  /** `switch` in KV. */
  readonly switch?: string;
  /**
   * `signed`: Adobe's word of a VIP is in their cookie. `new`: a VIP whom we don't know yet. `forger`: writes the VIP's
   * cookie by hand.
   */
  readonly who: "signed" | "new" | "forger";
  readonly cookie?: string;
  readonly gets: Expected;
  /** What may be waited for beyond what the calm shop takes; null: as long as the fault lasts. */
  readonly budgetMs: number | null;
}

export type Expected =
  | { readonly kind: "page"; readonly page: "VIP's page" | "default page"; readonly rung?: string }
  /** Commerce's own trouble: an error of that status, half a page, or nothing. */
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "half" }
  | { readonly kind: "waits" };

const LATER_MS = 61_000;
const ADOBE_MS = 150;
const KV_MS = 100;

const vip = (rung?: string): Expected => ({
  kind: "page",
  page: "VIP's page",
  ...(rung === undefined ? {} : { rung }),
});
const plain = (rung?: string): Expected => ({
  kind: "page",
  page: "default page",
  ...(rung === undefined ? {} : { rung }),
});

export function ladder(embedded: Readonly<Record<string, unknown>>): readonly Row[] {
  const row = (breaks: string, order: DrillOrder, gets: Expected, budgetMs = 0): Row => ({
    breaks,
    order,
    who: "signed",
    gets,
    budgetMs,
  });
  return [
    row("nothing; the isolate is new", { cold: true }, vip("kv"), KV_MS),
    row("nothing; the isolate has served before", {}, vip("memory")),
    row("KV is down; the isolate has served before", { kv: "throws", aheadMs: LATER_MS }, vip("memory")),
    row("KV hangs; the isolate has served before", { kv: "hangs", aheadMs: LATER_MS }, vip("memory")),
    row(
      "KV holds rubbish; the isolate has served before",
      { kv: "rubbish", aheadMs: LATER_MS },
      vip("memory"),
    ),
    row("KV is down at a new isolate", { kv: "throws", cold: true, embedded }, vip("embedded"), KV_MS),
    row("KV hangs at a new isolate", { kv: "hangs", cold: true, embedded }, vip("embedded"), KV_MS),
    row(
      "the same, and nothing is embedded",
      { kv: "throws", cold: true, embedded: null },
      plain("none"),
      KV_MS,
    ),
  ];
}

const adobeMoods: readonly [string, Pick<Row, "adobe" | "order">][] = [
  ["is down", { adobe: "down", order: {} }],
  ["throttles", { adobe: "throttled", order: {} }],
  ["forbids", { adobe: "forbidden", order: {} }],
  ["answers after two seconds", { adobe: "slow", order: {} }],
  ["answers rubbish", { adobe: "rubbish", order: {} }],
  ["answers 207, its lookup failed", { adobe: "partial", order: {} }],
  ["hangs", { order: { weather: { adobe: "hangs" } } }],
  ["answers one byte a second", { order: { weather: { adobe: "drips" } } }],
  ["breaks off in mid-answer", { order: { weather: { adobe: "breaks" } } }],
  ["can't be reached", { order: { weather: { adobe: "gone" } } }],
];

const adobeRows: readonly Row[] = adobeMoods.flatMap(([mood, { adobe, order }]) => {
  const breaks = `Adobe ${mood}`;
  const fault = adobe === undefined ? {} : { adobe };
  return [
    // Old enough to be asked about again, and not yet ended.
    { breaks, ...fault, order: { ...order, aheadMs: 301_000 }, who: "signed", gets: vip(), budgetMs: 0 },
    { breaks, ...fault, order: { ...order, cold: true }, who: "new", gets: plain(), budgetMs: ADOBE_MS },
  ] satisfies Row[];
});

const others: readonly Row[] = [
  {
    breaks: "Commerce can't be reached",
    order: { weather: { store: "gone" } },
    who: "signed",
    gets: { kind: "status", status: 502 },
    budgetMs: 0,
  },
  {
    breaks: "Commerce hangs",
    order: { weather: { store: "hangs" } },
    who: "signed",
    gets: { kind: "waits" },
    budgetMs: null,
  },
  {
    breaks: "Commerce answers one byte a second",
    order: { weather: { store: "drips" } },
    who: "signed",
    gets: vip(),
    budgetMs: null,
  },
  {
    breaks: "Commerce breaks off in mid-page",
    order: { weather: { store: "breaks" } },
    who: "signed",
    gets: { kind: "half" },
    budgetMs: null,
  },
  {
    breaks: "the page's charset is unknown",
    order: { weather: { store: "unreadable" } },
    who: "signed",
    gets: plain(),
    budgetMs: 0,
  },
  {
    breaks: "a membership is hostile",
    order: {},
    who: "forger",
    cookie: `aep-segments-membership=%00${"%".repeat(4_000)}`,
    gets: plain(),
    budgetMs: 0,
  },
  { breaks: "a membership is forged", order: {}, who: "forger", gets: plain(), budgetMs: 0 },
  {
    breaks: "the Durable Object is down",
    order: { control: "down", cold: true },
    who: "signed",
    gets: vip(),
    budgetMs: KV_MS,
  },
  {
    breaks: "the settings are wrong",
    order: { vars: { WEBSITES: { main: { hosts: [] } } }, cold: true },
    who: "signed",
    gets: plain(),
    budgetMs: 0,
  },
  {
    breaks: "somebody switched us off",
    order: { cold: true },
    switch: '{"main":"off"}',
    who: "signed",
    gets: plain(),
    budgetMs: KV_MS,
  },
];

export function drillRows(embedded: Readonly<Record<string, unknown>>): readonly Row[] {
  return [...ladder(embedded), ...adobeRows, ...others];
}
