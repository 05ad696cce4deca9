/** A shop for the tests: an origin, the edge in front of it, and campaigns with two audiences. */

import { type AudienceId, parseAudienceId } from "../../src/core/audience.ts";
import { markOf } from "../../src/core/banner-mark.ts";
import { compileCampaigns } from "../../src/edge/publish.ts";
import { type Answer, type Edge, type EdgeOptions, type SentRequest, startEdge } from "./edge.ts";
import { type Handler, type Origin, startOrigin } from "./origin.ts";

export const VIP = "6f1c0d3e-0b52-4a7b-9a52-0c2f6f0d7a01";
export const BARGAIN = "b3d7a9c2-5e44-4f0e-8d19-7a6c1e2f3b02";
/** In nobody's campaigns. */
export const STRANGER = "0a9b8c7d-1122-4333-8444-5566778899aa";

export const OPERATOR_KEY = "operator-key-of-the-tests";
export const ADMIN_PATH = "backoffice_x7";

export const VIP_HTML = '<h2>Welcome back – 20% off</h2><a href="/vip.html">See &amp; save</a>';
export const BARGAIN_HTML = "<h2>Last pieces</h2>";

export function audienceIds(...texts: readonly string[]): readonly AudienceId[] {
  return texts.map((text) => {
    const id = parseAudienceId(text);
    if (id === null) throw new Error(`no id of an audience: ${text}`);
    return id;
  });
}

/** What is put says of which variant it is, to who can read it: an attribute with a space before it. */
export function markAs({ website = "main", banner = "home-hero", variant = "vip" } = {}): string {
  return ` data-audience-banner="${markOf(website, banner, { id: variant, publicName: null })}"`;
}

/** What a storefront that renders gets of `heroOn`'s banner. */
export function heroHtml(html: string, banner = "home-hero"): string {
  const variant = html === BARGAIN_HTML ? "bargain" : "vip";
  return html.replace(/^<h2/, `<h2${markAs({ banner, variant })}`);
}

/** A banner on those paths, with a variant for each of the two audiences. */
export function heroOn(paths: readonly string[], selector = "#hero", id = "home-hero") {
  return {
    id,
    paths,
    selector,
    variants: [
      { id: "vip", for: { any: ["vip"] }, put: { content: VIP_HTML } },
      { id: "bargain", for: { any: ["bargain"] }, put: { content: BARGAIN_HTML } },
    ],
  };
}

/** A campaigns file in the form that publishing writes to KV. */
export async function compile(
  banners: readonly unknown[],
  adminPath: string | null = ADMIN_PATH,
  offers: readonly unknown[] = [],
) {
  const file = JSON.stringify({ audiences: { vip: VIP, bargain: BARGAIN }, banners, offers });
  const compiled = await compileCampaigns(file, { websites: null, adminPath }, "2026-11-01T00:00:00.000Z");
  if (!compiled.ok) throw new Error(compiled.error.map(({ path, message }) => `${path}: ${message}`).join());
  return compiled.value.text;
}

export interface ShopOptions extends Pick<EdgeOptions, "kv" | "script" | "bundle" | "inspected"> {
  readonly answer: Handler;
  /** Over and beside `hosts` and `origin` in the settings of the website `main`. */
  readonly website?: Readonly<Record<string, unknown>>;
  /** Other websites beside it, by code; with the same origin unless told. */
  readonly websites?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly banners?: readonly unknown[];
  readonly offers?: readonly unknown[];
  readonly bindings?: Readonly<Record<string, unknown>>;
}

export interface Shop {
  readonly edge: Edge;
  readonly origin: Origin;
  stop(): Promise<void>;
}

export async function openShop(options: ShopOptions): Promise<Shop> {
  const origin = await startOrigin(options.answer);
  const websites: Record<string, unknown> = {
    main: { hosts: ["shop.test"], origin: origin.url, ...options.website },
  };
  for (const [code, website] of Object.entries(options.websites ?? {})) {
    websites[code] = { origin: origin.url, ...website };
  }
  const { script, bundle } = options;
  const edge = await startEdge({
    bindings: {
      WEBSITES: websites,
      OPERATOR_KEY,
      COMMERCE_ADMIN_PATH: ADMIN_PATH,
      ...options.bindings,
    },
    kv: { ...(await campaignsIn(options)), ...options.kv },
    ...(script === undefined ? {} : { script }),
    ...(bundle === undefined ? {} : { bundle }),
    ...(options.inspected && { inspected: true }),
  });
  return {
    edge,
    origin,
    async stop() {
      await edge.stop();
      await origin.stop();
    },
  };
}

async function campaignsIn({ banners, offers }: ShopOptions): Promise<Record<string, string>> {
  if (banners === undefined && offers === undefined) return {};
  return { campaigns: await compile(banners ?? [], ADMIN_PATH, offers) };
}

/**
 * A website in route mode: origin = same URL. A request for `host: 127.0.0.1:<port>` then ends at whatever
 * listens on that port.
 */
export const ROUTE = { route: { hosts: ["127.0.0.1"], origin: null } } as const;

/** A request as the operator sends it, whose answer holds the plan. */
export function explained(request: SentRequest = {}): SentRequest {
  return { ...request, headers: [...(request.headers ?? []), ["edge-audiences-explain", OPERATOR_KEY]] };
}

/** The plan that the operator reads in an answer. */
export function planOf(answer: Answer): Readonly<Record<string, unknown>> {
  const plan = answer.header("edge-audiences-plan");
  if (plan === null) throw new Error(`an answer without a plan: ${answer.status}`);
  return JSON.parse(plan);
}

export function memberOf(...audiences: readonly string[]): readonly [string, string] {
  return ["cookie", `aep-segments-membership=${audiences.join(",")}`];
}

/** Headers that belong to one connection, and the one line that is ours. */
const notCompared = new Set(["connection", "keep-alive", "transfer-encoding", "server-timing"]);

/**
 * An answer's headers as RFC 9110 §5.3 lets them be compared: repeated lines are one list (workerd joins
 * those it knows), except `Set-Cookie`, whose lines stay lines.
 */
export function comparable({ headers }: Pick<Answer, "headers">): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    if (notCompared.has(name)) continue;
    const before = found[name];
    if (before === undefined) found[name] = [value];
    else if (name === "set-cookie") before.push(value);
    else found[name] = [`${before[0]}, ${value}`];
  }
  return found;
}
