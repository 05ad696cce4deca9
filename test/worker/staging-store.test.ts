/** A staging store with a password: its question, the answer to it, and the page behind it go by as without us. */

import { afterAll, beforeAll, expect, test } from "vitest";
import { heroOn, memberOf, openShop, type Shop, VIP, VIP_HTML } from "./shop.ts";

const PASSWORD = `Basic ${Buffer.from("staging:open sesame").toString("base64")}`;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    banners: [heroOn(["/"])],
    answer: (request, response) => {
      if (request.header("authorization") !== PASSWORD) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="Staging"', "content-type": "text/html" });
        return void response.end("<h1>401</h1>");
      }
      response.writeHead(200, { "content-type": "text/html; charset=UTF-8" });
      response.end("<section id=hero>default</section>");
    },
  });
});
afterAll(() => shop.stop());

test("without the password a shopper is asked for it, on a banner's page as on any other", async () => {
  for (const path of ["/", "/women.html", "/graphql"]) {
    const answer = await shop.edge.send(path, { headers: [memberOf(VIP)] });
    expect({ path, status: answer.status, asks: answer.header("www-authenticate") }).toEqual({
      path,
      status: 401,
      asks: 'Basic realm="Staging"',
    });
    expect(answer.text()).toBe("<h1>401</h1>");
  }
});

test("with the password the page is there, and the banner's place is the member's", async () => {
  const answer = await shop.edge.send("/", { headers: [memberOf(VIP), ["authorization", PASSWORD]] });
  expect(answer.status).toBe(200);
  expect(answer.text()).toContain(`>${VIP_HTML}</section>`);
});
