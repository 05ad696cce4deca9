/** Who gets into the dashboard and who does not; every doubt is a no. */

import { createHmac, hkdfSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Dashboards,
  get,
  HOST,
  HOUR_MS,
  LIVE_SEARCH,
  type Lines,
  namesIn,
  ownPage,
  post,
  startDashboards,
  TOKEN,
  withToken,
} from "./dashboard.ts";
import type { Answer, Edge } from "./edge.ts";

let dashboards: Dashboards;
let edge: Edge;

beforeAll(async () => {
  dashboards = await startDashboards();
  edge = await open();
});
afterAll(() => dashboards.stop());

const open: Dashboards["open"] = (options) => dashboards.open(options);

const signIn = (edge: Edge, token: string, more = "", headers: Lines = ownPage) =>
  post(edge, "/sign-in", headers, `token=${encodeURIComponent(token)}${more}`);
const sessionOf = (answer: Answer): Lines => showing(answer.header("set-cookie")?.split(";")[0] ?? "");

/** A session as the dashboard seals it: HKDF of the token, then HMAC of purpose and expiry. */
function seal(expiresAtMs: number, purpose = "admin-session", token = TOKEN): string {
  const key = Buffer.from(hkdfSync("sha256", token, "", purpose, 32));
  const signature = createHmac("sha256", key).update(`${purpose}.${expiresAtMs}`).digest("hex");
  return `admin-session=${expiresAtMs}.${signature}`;
}
const showing = (cookie: string): Lines => [["cookie", cookie]];
const inSession = (): Lines => showing(seal(Date.now() + HOUR_MS));

test("on the shop's host the operator finds no dashboard: every address is the shop's", async () => {
  for (const path of ["/sign-in", "/api/audiences"]) {
    const answer = await edge.send(path, { headers: withToken });
    expect(dashboards.adobe.seen.at(-1)?.url).toBe(path);
    expect(answer.header("content-security-policy")).toBeNull();
  }
});

test("without a token set nobody gets in, and the operator reads which secret is missing", async () => {
  const edge = await open({ token: null });
  for (const path of ["/", "/sign-in", "/sync", "/api/audiences", "/nothing"]) {
    for (const shown of [[], withToken, inSession()]) {
      const answer = await get(edge, path, shown);
      expect({ path, status: answer.status }).toEqual({ path, status: 503 });
      expect(answer.text()).not.toContain("VIP");
    }
  }
  expect((await signIn(edge, "")).status).toBe(503);
  expect((await get(edge, "/")).text()).toContain("ADMIN_TOKEN");
});

test("a session that is forged, expired, shortened or sealed for anything else opens nothing", async () => {
  const soon = Date.now() + HOUR_MS;
  const good = seal(soon);
  expect((await get(edge, "/", showing(good))).status).toBe(200);
  const refused = {
    expired: seal(Date.now() - 1),
    prolonged: good.replace(String(soon), String(soon + 1)),
    shortened: good.slice(0, -2),
    empty: "admin-session=",
    "another purpose": seal(soon, "membership"),
    "another token": seal(soon, "admin-session", "the-token-of-nobody-at-all"),
    "another cookie": good.replace("admin-session", "admin-sessions"),
    "no cookie of ours": "a=b",
  };
  for (const [what, cookie] of Object.entries(refused)) {
    const answer = await get(edge, "/?q=v", showing(cookie));
    expect({ what, status: answer.status }).toEqual({ what, status: 401 });
    expect(answer.text()).toContain("Sign in");
    expect(answer.text()).not.toContain("VIP");
  }
});

test("the token opens a session, and no other text does", async () => {
  for (const wrong of ["", TOKEN.slice(0, -1), `${TOKEN}x`, TOKEN.toUpperCase()]) {
    const answer = await signIn(edge, wrong);
    expect([answer.status, answer.header("set-cookie")]).toEqual([401, null]);
  }
  const answer = await signIn(edge, TOKEN);
  expect([answer.status, answer.header("location")]).toEqual([303, `http://${HOST}/`]);
  expect(answer.header("set-cookie")).toMatch(
    /^admin-session=\d+\.[0-9a-f]{64}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/,
  );
  expect(namesIn(await get(edge, "/", sessionOf(answer)))).toEqual(["VIP", "bargain hunters", "Árbol"]);
  const out = await post(edge, "/sign-out", [...sessionOf(answer), ...ownPage]);
  expect(out.status).toBe(303);
  expect(out.header("set-cookie")).toContain("admin-session=; Path=/; Max-Age=0;");
});

test("on a real host the session is a __Host- cookie, and plain http is sent away", async () => {
  const { miniflare } = edge;
  const body = `token=${TOKEN}`;
  const headers = { origin: `https://${HOST}` };
  const form = { method: "POST", redirect: "manual", headers, body } as const;
  const secure = await miniflare.dispatchFetch(`https://${HOST}/sign-in`, form);
  expect(secure.headers.get("set-cookie")).toMatch(/^__Host-admin-session=.*; SameSite=Strict; Secure$/);
  const cookie = secure.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect((await miniflare.dispatchFetch(`https://${HOST}/`, { headers: { cookie } })).status).toBe(200);
  // Only this machine's own http is trusted, and there the cookie's other name counts.
  expect((await miniflare.dispatchFetch(`http://${HOST}/`, { headers: { cookie } })).status).toBe(401);
});

test("over plain http elsewhere no token is taken", async () => {
  const edge = await open({ host: "admin.test" });
  const page = await edge.send("/?q=vip", { host: "admin.test" });
  expect([page.status, page.header("location")]).toEqual([308, "https://admin.test/?q=vip"]);
  const form = { host: "admin.test", method: "POST", body: `token=${TOKEN}` };
  const sent = await edge.send("/sign-in", { ...form, headers: ownPage });
  expect([sent.status, sent.header("set-cookie")]).toEqual([403, null]);
  expect((await edge.send("/api/audiences", { host: "admin.test", headers: withToken })).status).toBe(403);
});

test("the sign-in leads back to what was asked for, and never to another host", async () => {
  expect((await get(edge, "/?q=vip")).text()).toContain(`name="wanted" value="http://${HOST}/?q=vip"`);
  const lead = async (wanted: string) =>
    (await signIn(edge, TOKEN, `&wanted=${encodeURIComponent(wanted)}`)).header("location");
  expect(await lead(`http://${HOST}/?q=vip`)).toBe(`http://${HOST}/?q=vip`);
  for (const elsewhere of ["https://evil.test/", "//evil.test", "/\\evil.test", "data:,x", "http://["]) {
    expect(await lead(elsewhere)).toBe(`http://${HOST}/`);
  }
  // A path that would be a host if it stood alone.
  expect(await lead(`http://${HOST}//evil.test`)).toBe(`http://${HOST}//evil.test`);
  const byLink = await get(edge, "//evil.test", [["sec-fetch-site", "cross-site"]]);
  expect(byLink.text()).toContain(`content="0;url=http://${HOST}//evil.test"`);
});

test("who guesses ten times waits, wherever the guesses came in, and nobody else does", async () => {
  const from = (address: string): Lines => [["cf-connecting-ip", address]];
  const guess: Lines = [["authorization", "Bearer a-wrong-token"]];
  for (let count = 0; count < 5; count += 1) {
    expect((await signIn(edge, "wrong", "", [...ownPage, ...from("2001:db8::1")])).status).toBe(401);
    expect((await get(edge, "/api/audiences", [...guess, ...from("2001:db8::2:1")])).status).toBe(401);
  }
  const page = await signIn(edge, TOKEN, "", [...ownPage, ...from("2001:db8::3")]);
  expect([page.status, page.header("set-cookie")]).toEqual([429, null]);
  expect(Number(page.header("retry-after"))).toBeGreaterThan(50);
  expect((await get(edge, "/api/audiences", [...withToken, ...from("2001:db8::1")])).status).toBe(429);
  expect((await get(edge, "/", [...withToken, ...from("2001:db8:0:1::1")])).status).toBe(200);
  expect((await get(edge, "/", [...inSession(), ...from("2001:db8::1")])).status).toBe(200);
});

test("another site's page can't press the operator's buttons", async () => {
  const session = inSession();
  const before = dashboards.adobe.seen.length;
  const foreign: Lines[] = [
    [],
    [["sec-fetch-site", "cross-site"]],
    [
      ["sec-fetch-site", "same-site"],
      ["origin", `http://${HOST}`],
    ],
    [["origin", "http://shop.localhost"]],
    [["origin", "null"]],
  ];
  for (const headers of foreign) {
    for (const path of ["/sync", "/api/sync", "/sign-out"]) {
      const answer = await post(edge, path, [...session, ...headers]);
      expect({ path, headers, status: answer.status }).toEqual({ path, headers, status: 403 });
    }
    expect((await signIn(edge, TOKEN, "", headers)).status).toBe(403);
  }
  expect(dashboards.adobe.seen.length).toBe(before);
  expect((await post(edge, "/sign-out", [...session, ["origin", `http://${HOST}`]])).status).toBe(303);
});

test("every answer is locked down: no script but the search's, no frame, no cache, nothing from elsewhere", async () => {
  const answers = [
    await get(edge, "/", withToken),
    await get(edge, "/"),
    await get(edge, "/nothing", withToken),
    await get(edge, "/api/audiences"),
    await signIn(edge, TOKEN),
    await edge.send("/", { host: HOST, method: "HEAD", headers: withToken }),
    await edge.send("/", { host: HOST, method: "DELETE", headers: withToken }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 401, 303, 200, 404]);
  for (const answer of answers) {
    const searches = answer === answers[0] || answer === answers[5];
    expect(answer.header("content-security-policy")?.split("; ")).toEqual([
      "default-src 'none'",
      "style-src 'self'",
      "img-src data:",
      ...(searches ? ["script-src 'self'", "connect-src 'self'"] : []),
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(answer.header("x-frame-options")).toBe("DENY");
    expect(answer.header("x-content-type-options")).toBe("nosniff");
    expect(answer.header("referrer-policy")).toBe("same-origin");
    expect(answer.header("cache-control")).toBe("no-store");
    expect(LIVE_SEARCH.test(answer.text())).toBe(answer === answers[0]);
    expect(answer.text().replace(LIVE_SEARCH, "")).not.toMatch(
      /<script|<style|style="|(?:src|href)="(?:https?:)?\/\//,
    );
  }
  const [, path = ""] = /src="(\/search[^"]+)"/.exec((await get(edge, "/", withToken)).text()) ?? [];
  const script = await get(edge, path);
  expect([script.status, script.header("content-type")]).toEqual([200, "text/javascript; charset=utf-8"]);
  expect(script.header("cache-control")).toContain("immutable");
  expect(Buffer.byteLength(script.text())).toBeLessThan(1_000);
});
