/** What the operator sees, and only the operator: unnamed hosts, wrong settings, the plan, the log. */

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startSocketOrigin } from "./origin.ts";
import { RIG, rig } from "./rig.ts";
import {
  explained,
  heroOn,
  memberOf,
  OPERATOR_KEY,
  openShop,
  planOf,
  ROUTE,
  type Shop,
  STRANGER,
  VIP,
} from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await openShop({
    script: RIG,
    banners: [heroOn(["/", "/missing"])],
    answer(_, response) {
      response.writeHead(200, { "content-type": "text/html", "set-cookie": "PHPSESSID=from-commerce" });
      response.end("<p>no hero here");
    },
  });
});
afterAll(() => shop.stop());
beforeEach(() => {
  shop.origin.seen.length = 0;
});

/** Another isolate with other settings than the shop's own. */
const restart = (vars: Readonly<Record<string, unknown>>) =>
  rig(shop.edge, { cold: true, vars, aheadMs: 61_000 });

test("a host that no website names is told which setting is missing", async () => {
  for (const host of ["other.test", "shop.test.evil.test", "www.shop.test"]) {
    const answer = await shop.edge.send("/women.html", { host });
    expect(answer.status).toBe(404);
    expect(answer.header("content-type")).toBe("text/plain; charset=utf-8");
    const sentence = `No website is set up for the host ${host}: name it in "hosts"`;
    expect(answer.text()).toBe(`${sentence} under [vars.WEBSITES] in wrangler.toml.\n`);
  }
  expect((await shop.edge.send("/", { host: "SHOP.test:8443" })).status).toBe(200);
  expect(shop.origin.seen).toHaveLength(1);
});

test("as a route on a zone, hosts that no website names pass through untouched", async () => {
  const { route } = ROUTE;
  await restart({ WEBSITES: { route: { ...route, hosts: ["shop.test"] } } });
  const host = `127.0.0.1:${shop.origin.port}`;
  const headers = [memberOf(VIP), ["aep-segments-membership", VIP]] as const;
  const answer = await shop.edge.send("/", { host, headers });
  expect(answer.text()).toBe("<p>no hero here");
  expect(answer.header("server-timing")).toBeNull();
  expect(shop.origin.seen[0]?.header("cookie")).toBe(`aep-segments-membership=${VIP}`);
  expect((await shop.edge.send("/", { host: "edge-audiences.example.workers.dev" })).status).toBe(404);
  await restart({});
});

test("as a route on a zone, a host that no website names is no way to claim what the named one does not believe", async () => {
  const { route } = ROUTE;
  await restart({ WEBSITES: { route: { ...route, hosts: ["shop.test"], trust: "verified" } } });
  const host = `127.0.0.1:${shop.origin.port}`;
  const headers = [memberOf(VIP), ["aep-segments-membership", VIP], ["x-own", "1"]] as const;
  const answer = await shop.edge.send("/graphql", { host, headers, method: "POST", body: "{}" });
  expect(answer.status).toBe(200);
  const [got] = shop.origin.seen;
  expect([got?.header("cookie"), got?.header("aep-segments-membership")]).toEqual([null, null]);
  expect([got?.header("x-own"), got?.body.toString()]).toEqual(["1", "{}"]);
  await restart({});
});

test("wrong settings: every problem is logged at once, and shoppers get the shop without us", async () => {
  const from = shop.edge.logs.length;
  await restart({
    WEBSITES: {
      main: {
        hosts: ["shop.test", "Shop.Example"],
        origin: shop.origin.url,
        mode: "onn",
        rollout: 120,
        grapqlPath: "/graphql",
        membershipPaths: ["checkout"],
      },
      loop: { hosts: ["loop.test"], origin: "https://loop.test" },
      path: { hosts: ["path.test"], origin: "https://commerce.test/shop" },
    },
    ADMIN_HOST: "https://admin.test",
    ADMIN_TOKEN: "short",
    COMMERCE_ADMIN_PATH: "back/office",
  });
  const answer = await shop.edge.send("/?a=%20", { headers: [memberOf(VIP)] });
  expect(answer.text()).toBe("<p>no hero here");
  expect(answer.all("set-cookie")).toEqual(["PHPSESSID=from-commerce"]);
  expect(shop.origin.seen[0]?.url).toBe("/?a=%20");
  const post = await shop.edge.send("/graphql", { method: "POST", body: '{"query":"{a}"}' });
  expect(post.status).toBe(200);
  expect(shop.origin.seen[1]?.body.toString()).toBe('{"query":"{a}"}');

  const { problems } = await shop.edge.logged(({ event }) => event === "settings-refused", from);
  const text = (problems as string[]).join("\n");
  for (const told of [
    /WEBSITES\.main\.hosts\[1\]: a host is a lower-case name .* found "Shop\.Example"/,
    /WEBSITES\.main\.mode: .*off.*watch.*on/,
    /WEBSITES\.main\.rollout: a percentage, 0 to 100/,
    /WEBSITES\.main\.grapqlPath: unknown key; did you mean "graphqlPath"\?/,
    /ADMIN_HOST: expected a host name alone/,
    /ADMIN_TOKEN: at least 16 characters; found 5/,
    /COMMERCE_ADMIN_PATH: expected one path segment/,
  ]) {
    expect(text).toMatch(told);
  }
  expect(text).not.toContain("short\n");
  await restart({});
});

test("settings that are well-shaped and still wrong are told too, and a loop is never tried", async () => {
  const from = shop.edge.logs.length;
  await restart({
    WEBSITES: {
      main: { hosts: ["shop.test"], origin: shop.origin.url, membershipPaths: ["checkout", "/a/**/b"] },
      loop: { hosts: ["loop.test"], origin: "https://loop.test" },
      path: { hosts: ["path.test", "shop.test"], origin: "https://commerce.test/shop" },
    },
  });
  expect((await shop.edge.send("/")).status).toBe(200);
  const { problems } = await shop.edge.logged(({ event }) => event === "settings-refused", from);
  const text = (problems as string[]).join("\n");
  expect(text).toMatch(/WEBSITES\.main\.membershipPaths\[0\]: a path starts with "\/"/);
  expect(text).toMatch(/WEBSITES\.main\.membershipPaths\[1\]: one star in each part between slashes/);
  expect(text).toMatch(/WEBSITES\.loop\.origin: one of the website's own hosts/);
  expect(text).toMatch(/WEBSITES\.path\.origin: expected scheme and host alone/);
  expect(text).toMatch(/WEBSITES\.path\.hosts\[1\]: shop\.test is a host of website "main" already/);
  await restart({});
});

test("settings that work, but not as somebody may expect, are all told when an isolate starts", async () => {
  const from = shop.edge.logs.length;
  await rig(shop.edge, { trouble: "unbound" });
  await restart({ COMMERCE_ADMIN_PATH: "", ADMIN_HOST: "admin.test" });
  expect((await shop.edge.send("/")).status).toBe(200);
  const { warnings } = await shop.edge.logged(({ event }) => event === "settings-warning", from);
  expect(warnings).toEqual([
    expect.stringContaining("COMMERCE_ADMIN_PATH is not set"),
    expect.stringContaining("ADMIN_TOKEN is not set: the dashboard stays closed"),
    expect.stringContaining("no KV namespace is bound"),
  ]);
  await rig(shop.edge, { trouble: "none" });
  await restart({});
});

test("a cron run with wrong settings says so instead of asking Adobe", async () => {
  const from = shop.edge.logs.length;
  await restart({ WEBSITES: {} });
  const worker = await shop.edge.miniflare.getWorker();
  await worker.scheduled({ cron: "*/15 * * * *" });
  const { problems } = await shop.edge.logged(({ event }) => event === "settings-refused", from);
  expect(problems).toEqual(["WEBSITES: name at least one website, as a table [vars.WEBSITES.main]"]);
  await restart({});
});

test("the plan is told only to who has the operator's key, and Commerce never sees the key", async () => {
  const ask = (key: string) => shop.edge.send("/", { headers: [["edge-audiences-explain", key]] });
  expect(planOf(await ask(OPERATOR_KEY))).toMatchObject({ plan: "default" });
  for (const key of ["", "1", OPERATOR_KEY.slice(0, -1), `${OPERATOR_KEY}x`, OPERATOR_KEY.toUpperCase()]) {
    expect((await ask(key)).header("edge-audiences-plan")).toBeNull();
  }
  await shop.edge.send("/graphql", explained({ method: "POST", body: "{}" }));
  await shop.edge.send("/checkout", explained());
  for (const { headers } of shop.origin.seen) {
    expect(headers.map(([name]) => name)).not.toContain("edge-audiences-explain");
    expect(headers.filter(([, value]) => value.includes(OPERATOR_KEY))).toEqual([]);
  }

  await restart({ OPERATOR_KEY: "" });
  expect((await ask("")).header("edge-audiences-plan")).toBeNull();
  expect((await ask(OPERATOR_KEY)).header("edge-audiences-plan")).toBeNull();
  await restart({});
});

test("the log has one line a request, and no shopper, audience, address or query in it", async () => {
  const gone = await startSocketOrigin(() => undefined);
  await gone.stop();
  const from = shop.edge.logs.length;
  const { route } = ROUTE;
  await restart({ WEBSITES: { main: { hosts: ["shop.test"], origin: shop.origin.url }, route } });
  const secrets = [
    "session-secret",
    "mail-secret",
    "203.0.113.77",
    "agent-secret",
    "bearer-secret",
    "body-secret",
  ];
  const headers = [
    ["cookie", `PHPSESSID=session-secret; aep-segments-membership=${VIP},${STRANGER}`],
    ["aep-segments-membership", "broken secret"],
    ["cf-connecting-ip", "203.0.113.77"],
    ["x-forwarded-for", "203.0.113.77"],
    ["user-agent", "agent-secret"],
    ["authorization", "Bearer bearer-secret"],
    ["edge-audiences-explain", "wrong-key-secret"],
  ] as const;
  const body = '{"query":"mutation{a(email:\\"body-secret\\")}"}';
  await shop.edge.send("/missing?email=mail-secret", { headers });
  await shop.edge.send("/graphql?a=mail-secret", { headers, method: "POST", body });
  await shop.edge.send("/checkout?a=mail-secret", { headers });
  await shop.edge.send("/?a=mail-secret", { headers, host: `127.0.0.1:${gone.port}` });
  await shop.edge.send("/last", { method: "PATCH" });
  await shop.edge.logged(({ method }) => method === "PATCH", from);
  await shop.edge.logged(({ event }) => event === "origin-unreachable", from);

  const lines = shop.edge.logs.slice(from);
  expect(lines.filter((line) => JSON.parse(line).event === "request")).toHaveLength(5);
  for (const secret of [...secrets, "secret", VIP, STRANGER, "127.0.0.1"]) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  }
  await restart({});
});
