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
/** Whatever the mark of the banner and its variant. */
const isEdited = (text: string) => text.replace(/ data-audience-banner="[^"]*"/, "") === edited;

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
/** Adobe knows this browser, so a split does. */
const ecid = "29068398647607325310376254630528178721";
const identity = Buffer.from([0x0a, ecid.length, ...Buffer.from(ecid)]).toString("base64url");
const visitor = { cookie: `PHPSESSID=abc; kndctr_BENCH_AdobeOrg_identity=${identity}` };
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
    website: { dynamicBlocks: "off", adobe: { organizationId: "BENCH@AdobeOrg" } },
    job: { path, headers: { ...headers, "accept-encoding": "identity" }, isRight },
  };
}

const sizes = [1, 10, 100, 1000];
const found = '{"data":{"products":{"items":[{"sku":"a","name":"A"}]}}}';
const offers = [{ id: "vip-20", for: { any: ["vip"] }, coupon: "VIP20", trust: "claimed" }];

/** A document of about that many kilobytes, of fields, arguments and a fragment as storefronts write them. */
function documentOf(kb: number, comment: string): string {
  const fields = count(
    Math.max(1, Math.floor((kb * 1000 - 200) / 88)),
    (n) => `  price${n}: price_range { minimum_price { final_price { value currency } } } # as a card has\n`,
  );
  return `query Search { # ${comment}
  products(search: "shoe", pageSize: 3) { items { ...Card } total_count }
}
fragment Card on ProductInterface {\n${fields.join("")}  sku\n}`;
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
      const variants = count(size, (n) => ({
        id: `v${n}`,
        for: "everyone",
        share: 100 / size,
        put: content,
      }));
      return onPage(size, { banners: [{ ...hero, variants }] }, visitor);
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
