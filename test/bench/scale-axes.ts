/** What grows in the benchmark of growth: campaigns, audiences, memberships, splits, documents; one at a time. */

import { compileCampaigns } from "./campaigns.ts";
import type { Job } from "./jobs.ts";
import { lumaPage, VARIANT, VIP, withVariant } from "./page.ts";

export interface Level {
  readonly size: number;
  readonly campaigns: () => Promise<string>;
  readonly website: Readonly<Record<string, unknown>>;
  readonly job: Pick<Job, "path" | "headers" | "body" | "isRight">;
}

export interface Axis {
  readonly name: string;
  /** `flat`: nothing of it is what the request itself needs. `grows`: the request brings more to be read. */
  readonly expected: "flat" | "grows";
  readonly levels: readonly Level[];
}

/** Small, so that what is ours shows: HTMLRewriter's share grows with the page. */
const page = lumaPage(2000);
const edited = withVariant(page);
const isPlain = (text: string) => text === page;
const isEdited = (text: string) => text === edited;

/** Another audience for each number; none is the VIP's. */
const audience = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}`;
const count = <T>(size: number, make: (n: number) => T) => Array.from({ length: size }, (_, n) => make(n));

const content = { content: VARIANT };
const forVip = [{ id: "vip", for: { any: ["vip"] }, put: content }];
const hero = { id: "hero", paths: ["/2"], selector: "#hero", variants: forVip };
const elsewhere = (path: (n: number) => string) => (n: number) => ({
  ...hero,
  id: `b${n}`,
  paths: [path(n)],
});
const vip = { cookie: `PHPSESSID=abc; aep-segments-membership=${VIP}` };

function onPage(
  size: number,
  of: Parameters<typeof compileCampaigns>[0],
  headers: Readonly<Record<string, string>> = vip,
  [path, isRight]: readonly [string, Job["isRight"]] = ["/2", isEdited],
): Level {
  return {
    size,
    campaigns: () => compileCampaigns(of),
    website: { dynamicBlocks: "off" },
    job: { path, headers: { ...headers, "accept-encoding": "identity" }, isRight },
  };
}

const sizes = [1, 10, 100, 1000];
const found = '{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}';
const offers = [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed" }];

/** A document of about that many kilobytes, of fields, arguments and fragments as storefronts write them. */
function documentOf(kb: number, comment: string): string {
  const fields = count(
    Math.ceil((kb * 1000 - 150) / 88),
    (n) => `  p${n}: products(search: "shoe ${n}", pageSize: 3) { items { ...Card } total_count } \n`,
  );
  return `query Search { # ${comment}\n${fields.slice(0, 8).join("")}}\nfragment Card on ProductInterface {\n${count(
    Math.max(0, fields.length - 8),
    (n) => `  f${n}: price_range { minimum_price { final_price { value currency } } } # as a card has\n`,
  ).join("")}  sku\n}`;
}

const onGraphql = (kb: number, comment: string): Level => ({
  size: kb,
  campaigns: () => compileCampaigns({ offers }),
  website: {},
  job: {
    path: "/graphql",
    headers: { ...vip, "content-type": "application/json", "accept-encoding": "identity" },
    body: JSON.stringify({ query: documentOf(kb, comment) }),
    isRight: (text) => text === found,
  },
});

/** A hero, and as many banners less one on other paths. */
const heroAnd = (size: number, path: (n: number) => string) => [hero, ...count(size - 1, elsewhere(path))];

export const axes: readonly Axis[] = [
  {
    name: "banners on other pages",
    expected: "flat",
    levels: sizes.map((size) => onPage(size, { banners: heroAnd(size, (n) => `/page-${n}.html`) })),
  },
  {
    name: "banners in other folders",
    expected: "flat",
    levels: sizes.map((size) => onPage(size, { banners: heroAnd(size, (n) => `/folder-${n}/*`) })),
  },
  {
    name: "banners elsewhere, a page without one",
    expected: "flat",
    levels: sizes.map((size) => {
      const banners = heroAnd(size, (n) => `/folder-${n}/*`);
      return onPage(size, { banners }, vip, ["/plain/2", isPlain]);
    }),
  },
  {
    name: "audiences of the file",
    expected: "flat",
    levels: [10, 100, 1000, 4000].map((size) => {
      const names = count(size - 1, (n) => `a${n}`);
      const audiences = { vip: VIP, ...Object.fromEntries(names.map((name, n) => [name, audience(n)])) };
      const each = Math.ceil(size / 900);
      const banners = count(Math.ceil(names.length / each), (n) => ({
        ...elsewhere(() => `/page-${n}.html`)(n),
        variants: [{ id: "v", for: { any: names.slice(n * each, (n + 1) * each) }, put: content }],
      }));
      return onPage(size, { audiences, banners: [hero, ...banners] });
    }),
  },
  {
    name: "audiences of one condition",
    expected: "flat",
    levels: [10, 100, 1000, 4000].map((size) => {
      const names = count(size, (n) => `a${n}`);
      const audiences = { vip: VIP, ...Object.fromEntries(names.map((name, n) => [name, audience(n)])) };
      const variants = [{ id: "vip", for: { any: [...names, "vip"] }, put: content }];
      return onPage(size, { audiences, banners: [{ ...hero, variants }] });
    }),
  },
  {
    name: "membership",
    expected: "grows",
    levels: [1, 10, 50, 100, 250].map((size) => {
      const ids = [...count(size - 1, audience), VIP].join("%2C");
      return onPage(size, { banners: [hero] }, { cookie: `PHPSESSID=abc; aep-segments-membership=${ids}` });
    }),
  },
  {
    name: "variants of a split",
    expected: "flat",
    levels: [2, 10, 50].map((size) => {
      const share = Math.floor(100 / size);
      const variants = count(size - 1, (n) => ({ id: `v${n}`, for: "everyone", share, put: content }));
      // What is left over goes to one without a share.
      const rest = { id: "rest", for: "everyone", put: content };
      const visitor = {
        cookie:
          "PHPSESSID=abc; kndctr_BENCH_AdobeOrg_identity=CiYxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3OA",
      };
      return onPage(size, { banners: [{ ...hero, variants: [...variants, rest] }] }, visitor);
    }),
  },
  {
    name: "KB of a remembered document",
    expected: "grows",
    levels: [1, 5, 10, 20].map((kb) => onGraphql(kb, "the same")),
  },
  {
    name: "KB of a document read for the first time",
    expected: "grows",
    levels: [1, 5, 10, 20].map((kb) => onGraphql(kb, "[<id>]")),
  },
];
