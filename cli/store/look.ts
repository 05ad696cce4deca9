/** Looks at a store: which questions are asked, and in which order. */

import { type Asked, isPage, redirectOf } from "./answer.ts";
import type { Asker } from "./asker.ts";
import type { ProbeAnswers } from "./graphql.ts";
import { type Probe, probes, readSaid } from "./probe.ts";
import { readTheme } from "./theme.ts";

export interface LookOptions {
  readonly origin: URL;
  readonly base: URL;
  readonly graphqlPath: string;
  /** Without slashes; null: unknown. */
  readonly adminPath: string | null;
}

/** Everything that was answered. What is found is read from this alone. */
export interface Look extends LookOptions {
  readonly home: Asked;
  readonly again: Asked;
  /** The home page as a TLS edge asks for it; null: it was asked as https already. */
  readonly encrypted: Asked | null;
  /** Home, a page that it links to, sign-in, cart and checkout. */
  readonly pages: readonly Asked[];
  readonly admin: Asked;
  readonly namedAdmin: Asked | null;
  readonly graphql: ProbeAnswers;
}

const MAX_REDIRECTS = 3;

/** One question after another: a live store should not feel it. */
export async function lookAt(asker: Asker, options: LookOptions): Promise<Look> {
  const { base, adminPath } = options;
  const home = await getHome(asker, base);
  const again = await asker.get(home.path);
  const encrypted =
    base.protocol === "https:" ? null : await asker.get("/", { "x-forwarded-proto": "https" });
  const pages = [home];
  for (const path of pathsBeyond(home, base)) pages.push(await asker.get(path));
  return {
    ...options,
    home,
    again,
    encrypted,
    pages,
    admin: await asker.get("/admin"),
    namedAdmin: adminPath === null ? null : await asker.get(`/${adminPath}`),
    graphql: await askGraphql(asker, options.graphqlPath),
  };
}

/** A store with its code in paths sends `/` on to `/en/`. */
async function getHome(asker: Asker, base: URL): Promise<Asked> {
  let home = await asker.get("/");
  for (let followed = 0; followed < MAX_REDIRECTS && home.kind === "answer"; followed += 1) {
    const onward = redirectOf(home, base);
    const path = onward === null ? home.path : onward.pathname + onward.search;
    if (onward?.origin !== base.origin || path === home.path) return home;
    home = await asker.get(path);
  }
  return home;
}

function pathsBeyond(home: Asked, base: URL): readonly string[] {
  if (!isPage(home) || readTheme(home.body).kind === "headless") return [];
  const linked = findLink(home.body, base);
  return [...(linked === null ? [] : [linked]), "/customer/account/login/", "/checkout/cart/", "/checkout/"];
}

/** A category or product, as Commerce writes their addresses by default. */
function findLink(html: string, base: URL): string | null {
  for (const [, href = ""] of html.matchAll(/<a\s[^>]{0,300}?\bhref="([^"?#]{1,300}\.html)"/g)) {
    const url = URL.canParse(href, base) ? new URL(href, base) : null;
    if (url?.origin === base.origin) return url.pathname;
  }
  return null;
}

/** What is GraphQL neither by GET nor by POST is not asked the rest. */
async function askGraphql(asker: Asker, path: string): Promise<ProbeAnswers> {
  const config = await asker.get(`${path}?query=${encodeURIComponent(probes.config)}`, {
    accept: "application/json",
  });
  const storeViews = await asker.query(path, probes.storeViews);
  const speaks = readSaid(config) !== null || readSaid(storeViews) !== null;
  const silence: Asked = { kind: "silence", path, reason: "not asked, it is not GraphQL" };
  const ask = (probe: Probe) => (speaks ? asker.query(path, probes[probe]) : Promise.resolve(silence));
  return {
    config,
    storeViews,
    dynamicBlocks: await ask("dynamicBlocks"),
    coupons: await ask("coupons"),
    captcha: await ask("captcha"),
    introspection: await ask("introspection"),
    aliases: await ask("aliases"),
    complexity: await ask("complexity"),
  };
}
