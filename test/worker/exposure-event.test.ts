/** Adobe hears of banners that were seen, after the answer and with consent; a page says it in its data layer, where its policy lets it. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { AudienceId } from "../../src/core/audience.ts";
import { signPreview } from "../../src/edge/preview-token.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { DATASTREAM, ecidNumber } from "./edge-network.ts";
import { rig } from "./rig.ts";
import { heroOn, markAs, memberOf, VIP } from "./shop.ts";
import { type Header, openVerifiedShop, SECRET, type VerifiedShop, visitor } from "./verified-shop.ts";

const PAGE = '<!doctype html><html><body><p>a</p><div id="hero">Own</div></body></html>';
const FIREFOX: Header = [
  "user-agent",
  "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
];
const policies: Readonly<Record<string, string>> = {
  "/nonce.html": "script-src 'self' 'nonce-r4nd0m'",
  "/strict.html": "script-src 'self'",
};
let shop: VerifiedShop;

beforeAll(async () => {
  shop = await openVerifiedShop({
    website: { exposures: ["data-layer", "edge-network"], pull: "never" },
    banners: [
      heroOn(["/", "/nonce.html", "/strict.html"]),
      { ...heroOn(["/"], ".not-there", "lost") },
      { ...heroOn(["/held.html"], "#hero", "held"), holdout: 100 },
    ],
    answer(request, response) {
      response.setHeader("content-type", "text/html");
      const policy = policies[request.url ?? ""];
      if (policy !== undefined) response.setHeader("content-security-policy", policy);
      response.end(request.method === "HEAD" ? undefined : PAGE);
    },
  });
});
afterAll(() => shop.stop());
beforeEach(async () => {
  await rig(shop.edge, { cold: true, vars: {} });
  shop.adobe.recover();
  shop.adobe.seen.length = 0;
});

const person: Header = visitor(ecidNumber(7), memberOf(VIP)[1]);
const open = (path: string, ...headers: Header[]) => shop.edge.send(path, { headers: [FIREFOX, ...headers] });
const told = () =>
  shop.adobe.seen.map(({ url, body }) => ({ url, events: JSON.parse(body.toString()).events }));

describe("the Edge Network", () => {
  test("is told of what was really shown, in one call of a known visitor, with the datastream that keeps events", async () => {
    await open("/", person);
    await shop.adobe.asked(1);
    const [call] = told();
    expect(call?.url).toBe(`/ee/v2/collect?datastreamId=${DATASTREAM}&silent=true`);
    expect(call?.events).toMatchObject([
      {
        xdm: {
          eventType: "decisioning.propositionDisplay",
          identityMap: { ECID: [{ id: ecidNumber(7) }] },
          _experience: { decisioning: { propositions: [{ scope: "home-hero", items: [{ id: "vip" }] }] } },
        },
      },
    ]);
    expect(call?.events[0].xdm._experience.decisioning.propositions).toHaveLength(1);
    expect(JSON.stringify(call)).not.toContain(VIP);
  });

  test("is told of whom a holdout kept back, and of what a storefront that renders was given", async () => {
    await open("/held.html", person);
    await shop.adobe.asked(1);
    expect(told()[0]?.events[0].xdm.eventType).toBe("decisioning.propositionSuppressDisplay");
    await open("/_audience/banners?path=/", person);
    await shop.adobe.asked(2);
    expect(told()[1]?.events[0].xdm._experience.decisioning.propositions).toHaveLength(2);
  });

  test("hears nothing of whom it does not know, of a no, and of what nobody saw live", async () => {
    const token = await signPreview(openSigner([SECRET], "preview"), "main", {
      path: "/",
      audiences: [VIP as AudienceId],
      names: ["vip"],
      atMs: null,
      campaigns: null,
      split: null,
      expiresSeconds: Math.floor(Date.now() / 1000) + 3600,
    });
    await open("/", memberOf(VIP));
    await open("/", visitor(ecidNumber(7), `${memberOf(VIP)[1]}; mg_dnt=1`));
    await open("/", visitor(ecidNumber(7), `__Host-edge-audiences-preview-main=${token}`));
    await open("/", person, ["sec-purpose", "prefetch"]);
    await shop.edge.send("/", { headers: [["user-agent", "Googlebot/2.1"], person] });
    await shop.edge.send("/", { method: "HEAD", headers: [FIREFOX, person] });
    // What is told comes in the order in which it is asked: this one is the first.
    await open("/held.html", person);
    await shop.adobe.asked(1);
    expect(told().map(({ events }) => events[0].xdm.eventType)).toEqual([
      "decisioning.propositionSuppressDisplay",
    ]);
  });

  test("slow or in trouble costs the page nothing, and after five faults it is left alone", async () => {
    const release = shop.adobe.hold();
    expect((await open("/", person)).status).toBe(200);
    release();
    await shop.adobe.asked(1);
    await rig(shop.edge, { cold: true, vars: {} });
    shop.adobe.seen.length = 0;
    shop.adobe.behave((_, response) => void response.writeHead(503).end());
    for (let n = 1; n <= 5; n += 1) {
      const from = shop.edge.logs.length;
      expect((await open("/", person)).text()).toContain("Welcome back");
      await shop.adobe.asked(n);
      if (n === 1) await shop.edge.logged(({ event }) => event === "exposure-untold", from);
    }
    await expect
      .poll(async () => {
        const before = shop.adobe.seen.length;
        await open("/", person);
        await open("/", person);
        return shop.adobe.seen.length - before;
      })
      .toBe(0);
  });
});

describe("the data layer", () => {
  const script = (nonce: string) =>
    `<script${nonce}>(window.adobeDataLayer=window.adobeDataLayer||[]).push({"event":"audience-banner-shown","eventInfo":{"banner":"${/"(.*)"/.exec(markAs())?.[1]}"}});document.currentScript.remove()</script><div id="hero"`;

  test("hears of it by an inline script before the place, with the page's nonce", async () => {
    expect((await open("/", person)).text()).toContain(`<p>a</p>${script("")}`);
    expect((await open("/nonce.html", person)).text()).toContain(script(' nonce="r4nd0m"'));
  });

  test("hears nothing where the policy would refuse it, of a default page, and of what is held back", async () => {
    expect((await open("/strict.html", person)).text()).toContain(`<p>a</p><div id="hero"${markAs()}>`);
    expect((await open("/")).text()).toBe(PAGE);
    expect((await open("/held.html", person)).text()).toBe(PAGE);
  });
});
