/** A crowd of shoppers, each with marks of their own, and what each of them may be given and nobody else. */

import type { ServerResponse } from "node:http";
import { compileCampaigns } from "../../src/edge/publish.ts";
import type { Answer, SentRequest } from "./edge.ts";
import { ecidNumber } from "./edge-network.ts";
import { lumaPage } from "./luma.ts";
import type { SeenRequest } from "./origin.ts";
import { rig } from "./rig.ts";
import { planOf } from "./shop.ts";
import { EXPLAIN, SIGNED, type VerifiedShop, visitor } from "./verified-shop.ts";

const AUDIENCES = Array.from(
  { length: 12 },
  (_, n) => `c0ffee${String(n).padStart(2, "0")}-0b52-4a7b-9a52-0c2f6f0d7a01`,
);
const AUDIENCE = /c0ffee\d\d-[0-9a-f-]{27}/g;
const MARK = /mark-\d+/g;

const page = lumaPage();

/** A hero for each audience, which tells its edition; on a page that is private at Commerce's there is none. */
export async function crowdCampaigns(edition: string): Promise<string> {
  const names = Object.fromEntries(AUDIENCES.map((id, n) => [`audience${n}`, id]));
  const variants = AUDIENCES.map((_, n) => ({
    id: `variant${n}`,
    for: { any: [`audience${n}`] },
    put: { content: heroOf(n, edition) },
  }));
  const hero = { id: "hero", paths: ["/", "/women.html"], selector: "#hero", trust: "verified", variants };
  const file = JSON.stringify({ audiences: names, banners: [hero] });
  const context = { websites: null, adminPath: null };
  const compiled = await compileCampaigns(file, context, "2026-11-01T00:00:00.000Z");
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  return compiled.value.text;
}

const heroOf = (n: number, edition: string) => `<h2>hero ${n} of edition ${edition}</h2>`;

export interface CrowdShopper {
  readonly number: number;
  readonly ecid: string;
  /** Index of the one audience; null: in none. */
  readonly audience: number | null;
  /** What Adobe said of them and we signed, as their browser keeps it. */
  signed: string | null;
}

let gathered = 0;

/** New ones each time, of whom nothing is known; every thirteenth is in no audience. */
export function gather(shop: Pick<VerifiedShop, "adobe">, count: number): CrowdShopper[] {
  return Array.from({ length: count }, () => {
    const number = gathered;
    gathered += 1;
    const ecid = ecidNumber(1000 + number);
    const audience = number % 13 === 12 ? null : number % 13;
    shop.adobe.members.set(ecid, audience === null ? [] : [AUDIENCES[audience] ?? ""]);
    return { number, ecid, audience, signed: null };
  });
}

/** A Commerce that writes into each answer who asks and what it is told of them. */
export function answerCrowd(request: SeenRequest, response: ServerResponse): void {
  const cookie = request.header("cookie") ?? "";
  const mark = /PHPSESSID=(mark-\d+)/.exec(cookie)?.[1] ?? "nobody";
  const header = request.header("aep-segments-membership");
  const told = header ?? /aep-segments-membership=([^;]*)/.exec(cookie)?.[1] ?? "";
  const graphql = request.url.startsWith("/graphql");
  response.writeHead(200, {
    "content-type": graphql ? "application/json" : "text/html; charset=utf-8",
    "set-cookie": `last=${mark}; path=/`,
    "cache-control": "max-age=86400, public",
  });
  response.end(graphql ? JSON.stringify({ data: { mark, told } }) : crowdPage(mark, told));
}

function crowdPage(mark: string, told: string): string {
  return `${page.html}<p class=mine>${mark} told(${told})</p>`;
}

const query = JSON.stringify({ query: "{ cart(cart_id: 1) { id } }" });

/** What shoppers do. `page`: with a banner; `other`: without; the rest is Commerce's alone, and told a membership. */
export const VISITS = ["page", "graphql", "cart", "other", "page", "account"] as const;
export type CrowdVisit = (typeof VISITS)[number];

export interface Sighting {
  readonly visit: CrowdVisit;
  readonly shopper: CrowdShopper;
  readonly answer: Answer;
  readonly ms: number;
}

const paths: Readonly<Record<CrowdVisit, string>> = {
  page: "/",
  other: "/men.html",
  cart: "/checkout/cart",
  account: "/customer/account",
  graphql: "/graphql",
};

export async function go(
  shop: Pick<VerifiedShop, "edge">,
  shopper: CrowdShopper,
  visit: CrowdVisit,
): Promise<Sighting> {
  const session = `PHPSESSID=mark-${shopper.number}`;
  const headers = [visitor(shopper.ecid, session, shopper.signed), EXPLAIN];
  const request: SentRequest =
    visit === "graphql"
      ? {
          method: "POST",
          headers: [
            ...headers,
            ["content-type", "application/json"],
            ["content-length", String(query.length)],
          ],
          body: query,
        }
      : { headers };
  const startedAt = performance.now();
  const answer = await shop.edge.send(paths[visit], request);
  const ms = performance.now() - startedAt;
  const kept = answer.all("set-cookie").find((line) => line.startsWith(`${SIGNED}=`));
  if (kept !== undefined) shopper.signed = kept.split(";")[0] ?? null;
  return { visit, shopper, answer, ms };
}

/** So many visits of shoppers by turns, so many at once. */
export async function runCrowd(
  shop: Pick<VerifiedShop, "edge">,
  shoppers: readonly CrowdShopper[],
  { visits, atOnce }: { readonly visits: number; readonly atOnce: number },
): Promise<Sighting[]> {
  const seen: Sighting[] = [];
  let next = 0;
  const worker = async () => {
    while (next < visits) {
      const n = next;
      next += 1;
      const shopper = shoppers[(n * 7919) % shoppers.length];
      const visit = VISITS[n % VISITS.length];
      if (shopper && visit) seen.push(await go(shop, shopper, visit));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return seen;
}

/** `own`: nobody gets less than their own. `default`: where nothing is known of a shopper, Commerce's own will do. */
export type Standard = "own" | "default";

/** What is wrong with what a shopper got; null: nothing is. */
export function wrongIn({ visit, shopper, answer }: Sighting, standard: Standard): string | null {
  const { number, audience } = shopper;
  const text = answer.text();
  const all = text + JSON.stringify(answer.headers);
  const about = `${visit} of ${number}`;
  if (answer.status !== 200) return `${about}: ${answer.status}`;
  const marks = new Set(all.match(MARK));
  if (marks.size !== 1 || !marks.has(`mark-${number}`)) return `${about}: marks ${[...marks].join()}`;
  const own = audience === null ? "" : (AUDIENCES[audience] ?? "");
  const foreign = (all.match(AUDIENCE) ?? []).find((id) => id !== own);
  if (foreign !== undefined) return `${about}: told of ${foreign}`;
  return visit === "page" || visit === "other"
    ? wrongPage(visit, shopper, answer, standard)
    : wrongTold(about, text, own, standard);
}

function wrongTold(about: string, text: string, own: string, standard: Standard): string | null {
  const told = /(?:told\(|"told":")([^)"]*)/.exec(text)?.[1];
  if (told === undefined) return `${about}: not whole`;
  if (told === own || (standard === "default" && told === "")) return null;
  return `${about}: told "${told}", not "${own}"`;
}

function wrongPage(
  visit: CrowdVisit,
  { number, audience }: CrowdShopper,
  answer: Answer,
  standard: Standard,
): string | null {
  const text = answer.text();
  const plain = crowdPage(`mark-${number}`, "");
  if (text === plain && (visit === "other" || audience === null || standard === "default")) return null;
  const edition = /of edition ([^<]*)</.exec(text)?.[1];
  if (visit === "other" || audience === null || edition === undefined)
    return `${visit} of ${number}: not own`;
  if (
    text !==
    plain.replace(
      page.html,
      page.withHero(heroOf(audience, edition), { banner: "hero", variant: `variant${audience}` }),
    )
  ) {
    return `${visit} of ${number}: not whole`;
  }
  const { banners } = planOf(answer) as { banners: readonly { variant: string }[] };
  if (banners[0]?.variant !== `variant${audience}`) return `${visit} of ${number}: another's plan`;
  return answer.header("cache-control")?.includes("no-store") ? null : `${visit} of ${number}: cacheable`;
}

/** Shoppers whose memberships are signed. Adobe takes fifty questions a second of an isolate. */
export async function gatherSigned(shop: VerifiedShop, count: number): Promise<CrowdShopper[]> {
  const shoppers = gather(shop, count);
  for (;;) {
    const unsigned = shoppers.filter(({ signed }) => signed === null);
    if (unsigned.length === 0) return shoppers;
    await runCrowd(shop, unsigned, { visits: 40, atOnce: 10 });
    await rig(shop.edge, { aheadMs: 1_000 });
  }
}

/** The first of what is wrong, and how much. */
export function wrongsIn(seen: readonly Sighting[], standard: Standard): readonly string[] {
  const wrongs = seen.map((one) => wrongIn(one, standard)).filter((one) => one !== null);
  return wrongs.length === 0 ? [] : [`${wrongs.length} of ${seen.length}`, ...wrongs.slice(0, 5)];
}
