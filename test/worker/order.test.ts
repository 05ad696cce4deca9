/** Orders are counted once each, by who was shown a measured banner and who was not; the answer to an order is as Commerce gave it. */

import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { COUNTED, FIREFOX, type Point, person, takePoints } from "./counted.ts";
import { ecidNumber, identityValue, ORGANIZATION } from "./edge-network.ts";
import { comparable, heroOn, memberOf, openShop, type Shop, VIP } from "./shop.ts";

const total = { grand_total: { value: 480.5, currency: "EUR" } };
const PLACED = { data: { placeOrder: { errors: [], orderV2: { number: "000000123", total } } } };
const REFUSED = { data: { placeOrder: { errors: [{ message: "Out of stock" }], orderV2: null } } };
const MUTATION =
  'mutation { placeOrder(input: { cart_id: "c" }) { errors { message } orderV2 { number total { grand_total { value currency } } } } }';
let shop: Shop;

beforeAll(async () => {
  const website = { adobe: { organizationId: ORGANIZATION }, dynamicBlocks: "off" };
  shop = await openShop({
    script: COUNTED,
    website: { ...website, storeViews: ["fr"] },
    websites: {
      headless: { ...website, hosts: ["headless.test"], storefront: "headless" },
      watched: { ...website, hosts: ["watched.test"], storefront: "headless", mode: "watch" },
    },
    banners: [
      heroOn(["/plain.html"], "#hero", "plain"),
      { ...heroOn(["/"], "#hero", "held"), holdout: 100 },
      { ...heroOn(["/all/*"], "#hero", "shown"), holdout: 0.01 },
    ],
    answer(request, response) {
      if (request.url === "/graphql") {
        const body = JSON.stringify(request.header("x-refused") ? REFUSED : PLACED);
        const zipped = request.header("x-zipped") !== null;
        response.setHeader("content-type", "application/json");
        if (zipped) response.setHeader("content-encoding", "gzip");
        response.end(zipped ? gzipSync(body) : body);
        return;
      }
      // As Magento: who has no fresh order is sent to the cart.
      if (request.header("x-again")) response.writeHead(302, { location: "/checkout/cart/" }).end();
      else response.setHeader("content-type", "text/html").end("<html><body>Thank you</body></html>");
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => takePoints(shop.edge));

const identity = `kndctr_ABC_AdobeOrg_identity=${identityValue(ecidNumber(7))}`;
const cookies = ["cookie", `${identity}; ${memberOf(VIP)[1]}`] as const;
const visit = (path: string, ...headers: (readonly [string, string])[]) =>
  shop.edge.send(path, person({ headers: [cookies, ...headers] }));
const place = (host: string, ...more: (readonly [string, string])[]) => {
  const body = JSON.stringify({ query: MUTATION });
  const length = ["content-length", String(Buffer.byteLength(body))] as const;
  const headers = [FIREFOX, ["content-type", "application/json"] as const, length, ...more];
  return shop.edge.send("/graphql", { host, method: "POST", headers, body });
};
const point = (
  website: string,
  banner: string,
  variant: string,
  reason: string,
  money: readonly [string, number],
) => ({
  indexes: [website],
  blobs: [website, banner, variant, reason, "claimed", "desktop", "order", "vip", money[0]],
  doubles: [money[1]],
});
/** It is read beside the answer: both are awaited, in whichever order they come. */
async function pointsOf(count: number): Promise<readonly Point[]> {
  const points: Point[] = [];
  await expect
    .poll(async () => points.push(...(await takePoints(shop.edge))), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(count);
  return points.toSorted((a, b) => (a.blobs[1] ?? "").localeCompare(b.blobs[1] ?? ""));
}

describe("a headless order", () => {
  test("counts with its value for each banner with a holdout or a share, and for no other", async () => {
    expect(JSON.parse((await place("headless.test", cookies)).text())).toEqual(PLACED);
    const points = await pointsOf(2);
    expect(points).toEqual([
      point("headless", "held", "", "holdout", ["EUR", 480.5]),
      point("headless", "shown", "vip", "condition-holds", ["EUR", 480.5]),
    ]);
    expect(JSON.stringify(points)).not.toMatch(new RegExp(`${VIP}|${ecidNumber(7)}|000000123`));
  });

  test("is answered as without counting, also compressed", async () => {
    for (const more of [[], [["x-zipped", "1"]], [["x-refused", "1"]]] as const) {
      await takePoints(shop.edge);
      const counted = await place("headless.test", cookies, ["accept-encoding", "gzip"], ...more);
      if (more[0]?.[0] !== "x-refused") await pointsOf(2);
      await takePoints(shop.edge, "unbound");
      const plain = await place("headless.test", cookies, ["accept-encoding", "gzip"], ...more);
      await takePoints(shop.edge);
      expect(counted.body).toEqual(plain.body);
      expect(comparable(counted)).toEqual(comparable(plain));
    }
  });

  test("that Commerce refused, that nobody can be known by, or that is only watched is none", async () => {
    await place("headless.test", cookies, ["x-refused", "1"]);
    await place("headless.test", memberOf(VIP));
    await place("watched.test", cookies);
    // The next that counts comes alone: nothing of those before it was on its way.
    await place("headless.test", cookies);
    expect(await pointsOf(2)).toHaveLength(2);
  });

  test("a binding that throws harms nobody", async () => {
    await takePoints(shop.edge, "throws");
    const from = shop.edge.logs.length;
    expect(JSON.parse((await place("headless.test", cookies)).text())).toEqual(PLACED);
    await shop.edge.logged(({ event }) => event === "not-counted", from);
  });
});

describe("Luma's order", () => {
  const held = point("main", "held", "", "holdout", ["", 0]);
  const shown = point("main", "shown", "vip", "condition-holds", ["", 0]);

  test.each(["/checkout/onepage/success/", "/fr/checkout/onepage/success"])(
    "counts on %s, of unknown value",
    async (path) => {
      expect((await visit(path)).text()).toContain("Thank you");
      expect(await pointsOf(2)).toEqual([held, shown]);
    },
  );

  test("counts once: neither by the GraphQL before it, nor when the page is loaded again", async () => {
    await place("shop.test", cookies);
    await visit("/checkout/onepage/success/");
    await visit("/checkout/onepage/success/", ["x-again", "1"]);
    await shop.edge.send("/checkout/onepage/success/", { method: "HEAD", headers: [FIREFOX, cookies] });
    expect(await pointsOf(2)).toEqual([held, shown]);
    expect(await takePoints(shop.edge)).toEqual([]);
  });

  test("no other page of the checkout is one", async () => {
    await visit("/checkout/onepage/failure/");
    await visit("/checkout/");
    expect(await takePoints(shop.edge)).toEqual([]);
  });
});
