/** Cart, checkout and order agree on the total, whatever a client claims: on the demo store, through the built bundle. */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { BUNDLE, send } from "./edge.ts";

const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const host = "shop.demo.localhost";
const formKey = "Wk3vYx0Jm9aQ2LtE";

let demo: RunningDemo;
let port: number;

beforeAll(async () => {
  demo = await startDemo({ edgeScript: readFileSync(BUNDLE, "utf8") });
  port = Number(new URL(demo.url).port);
});
afterAll(() => demo.stop());

/** What a person reads at the foot of the totals. */
function totalOnPage(html: string): number {
  return Number(/class="[^"]*grand[^"]*"[\s\S]*?\$([\d,.]+)/.exec(html)?.[1]?.replace(",", ""));
}

/** How a client says who it is: header lines that ride along on every request. */
type Claim = readonly (readonly [string, string])[];

/** A browser of one shopper: its session, and what it claims. */
function openShopper(claim: Claim) {
  let session = "";
  const ask = async (path: string, init: { method?: string; body?: string; type?: string } = {}) => {
    const claimed = claim.filter(([name]) => name === "cookie").map(([, value]) => value);
    const cookie = [`form_key=${formKey}`, session, ...claimed].filter((one) => one !== "").join("; ");
    const answer = await send(port, path, {
      host,
      method: init.method ?? "GET",
      headers: [
        ["cookie", cookie],
        ...claim.filter(([name]) => name !== "cookie"),
        ...(init.type ? [["content-type", init.type] as const] : []),
        ...(init.body === undefined
          ? []
          : [["content-length", String(Buffer.byteLength(init.body))] as const]),
      ],
      ...(init.body === undefined ? {} : { body: init.body }),
    });
    session =
      answer
        .all("set-cookie")
        .find((line) => line.startsWith("PHPSESSID="))
        ?.split(";")[0] ?? session;
    return answer;
  };
  return {
    async addToCart(quantity: number) {
      const body = `form_key=${formKey}&product=101&qty=${quantity}`;
      const type = "application/x-www-form-urlencoded";
      const answer = await ask("/checkout/cart/add/", { method: "POST", body, type });
      expect(answer.status).toBe(302);
    },
    /** What each door of the shop says the cart costs. */
    async totals() {
      const cart = (await ask("/checkout/cart/")).text();
      const id = /"entity_id":"([A-Za-z0-9]+)"/.exec(cart)?.[1] ?? "";
      const rest = JSON.parse((await ask(`/rest/default/V1/guest-carts/${id}/totals`)).text());
      const section = JSON.parse((await ask("/customer/section/load/?sections=cart")).text());
      const query = `{ cart(cart_id: "${id}") { prices { grand_total { value } } } }`;
      const post = { method: "POST", body: JSON.stringify({ query }), type: "application/json" };
      const graphql = JSON.parse((await ask("/graphql", post)).text());
      return {
        cart: Number(/"totalsData":\{"grand_total":([\d.]+)/.exec(cart)?.[1]),
        checkout: totalOnPage((await ask("/checkout/")).text()),
        rest: rest.grand_total,
        minicart: section.cart.grandTotalAmount,
        graphql: graphql.data.cart.prices.grand_total.value,
        id,
      };
    },
    async order(id: string): Promise<number> {
      const body = JSON.stringify({ email: "shopper@example.com", paymentMethod: { method: "checkmo" } });
      const path = `/rest/default/V1/guest-carts/${id}/payment-information`;
      const placed = await ask(path, { method: "POST", body, type: "application/json" });
      expect(placed.status).toBe(200);
      const receipt = (await ask("/checkout/onepage/success/")).text();
      return totalOnPage(receipt);
    },
  };
}

describe("cart, checkout, mini-cart, GraphQL and order cost the same", () => {
  it.each<[string, Claim, number]>([
    ["for a guest", [], 1],
    ["for a VIP by Adobe's cookie: 20 % less", [["cookie", `aep-segments-membership=${vip}`]], 0.8],
    ["for a VIP by Adobe's header: 20 % less", [["aep-segments-membership", vip]], 0.8],
    [
      "for a membership of an audience that nobody knows",
      [["cookie", "aep-segments-membership=00000000-0000"]],
      1,
    ],
    ["for a membership that is malformed", [["cookie", `aep-segments-membership=${vip},<x>`]], 1],
    ["for one in a spelling that only PHP would read", [["aep_segments_membership", vip]], 1],
    ["for one in a cookie that only PHP would read", [["cookie", `aep-segments-membership[]=${vip}`]], 1],
    ["for a VIP who said no to tracking", [["cookie", `aep-segments-membership=${vip}; mg_dnt=1`]], 1],
  ])("%s", async (_, claim, share) => {
    const guest = openShopper([]);
    await guest.addToCart(2);
    const full = (await guest.totals()).cart;
    expect(full).toBeGreaterThan(0);

    const shopper = openShopper(claim);
    await shopper.addToCart(2);
    const { id, ...totals } = await shopper.totals();
    const expected = Math.round(full * share * 100) / 100;
    expect(totals).toEqual({
      cart: expected,
      checkout: expected,
      rest: expected,
      minicart: expected,
      graphql: expected,
    });
    expect(await shopper.order(id)).toBe(expected);
  });
});
