/** Where a datastream takes authenticated calls alone: our own questions carry Adobe's token, and nobody else sees it. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { dayToken, json, type PretendAdobe, startAdobe, TOKEN } from "./adobe.ts";
import { DATASTREAM, ORGANIZATION } from "./edge-network.ts";
import { VIP, VIP_HTML } from "./shop.ts";
import { openVerifiedShop, type VerifiedShop, visitor } from "./verified-shop.ts";

let ims: PretendAdobe;
let shop: VerifiedShop;
const ecids = ["1", "2", "3"].map((last) => `4100000000000000000000000000000000000${last}`);

beforeAll(async () => {
  ims = await startAdobe();
  ims.token = dayToken;
  shop = await openVerifiedShop({
    answer: (_, response) => {
      response.setHeader("content-type", "text/html; charset=UTF-8");
      response.end('<main><section id="hero"></section></main>');
    },
    website: {
      edgeAuth: "oauth",
      adobe: { organizationId: ORGANIZATION, imsUrl: ims.origin.url },
    },
    bindings: { ADOBE_CLIENT_ID: "client-id", ADOBE_CLIENT_SECRET: "client-secret" },
  });
});
afterAll(async () => {
  await shop?.stop();
  await ims?.origin.stop();
});

test("the server API is asked with the organization's token, which is asked for once", async () => {
  // Both doors of the pretend Edge Network are one; what is asked at the browser's would have no token.
  for (const ecid of ecids.slice(0, 2)) {
    shop.adobe.members.set(ecid, [VIP]);
    const answer = await shop.edge.send("/", { headers: [visitor(ecid)] });
    expect(answer.text()).toContain(VIP_HTML);
    expect(answer.headers.flat().join()).not.toContain(TOKEN);
    const asked = shop.adobe.seen.at(-1);
    expect(asked?.url).toBe(`/ee/v2/interact?datastreamId=${DATASTREAM}`);
    expect(asked?.header("authorization")).toBe(`Bearer ${TOKEN}`);
    expect(asked?.header("x-api-key")).toBe("client-id");
    expect(asked?.header("x-gw-ims-org-id")).toBe(ORGANIZATION);
  }
  expect(ims.origin.seen).toHaveLength(1);
  const seen = shop.origin.seen.map(({ headers }) => JSON.stringify(headers)).join();
  expect(seen).not.toContain(TOKEN);
  expect(shop.edge.logs.join()).not.toContain(TOKEN);
});

test("without a token nothing is asked, and the page is the shop's own, in time", async () => {
  const other = await openVerifiedShop({
    answer: (_, response) => {
      response.setHeader("content-type", "text/html; charset=UTF-8");
      response.end('<main><section id="hero">own</section></main>');
    },
    website: { edgeAuth: "oauth", adobe: { organizationId: ORGANIZATION, imsUrl: ims.origin.url } },
    bindings: { ADOBE_CLIENT_ID: "client-id", ADOBE_CLIENT_SECRET: "another-secret" },
  });
  ims.token = json({ error: "invalid_client" }, 401);
  const ecid = ecids[2] ?? "";
  other.adobe.members.set(ecid, [VIP]);
  const answer = await other.edge.send("/", { headers: [visitor(ecid)] });
  expect(answer.text()).toContain(">own</section>");
  expect(other.adobe.seen).toEqual([]);
  await other.stop();
});
