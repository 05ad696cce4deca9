/** `npm run campaigns:…`: a wrong file is told in sentences and changes nothing, a right one is live. */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generateSchema } from "../../cli/campaigns/schema.ts";
import { runCampaigns } from "../../cli/campaigns.ts";
import { readDeployment } from "../../cli/deployment.ts";
import { runWrangler } from "../../cli/wrangler.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare.ts";
import { call, makeDeployment, spawnCommand } from "./command-line.ts";

const tenMistakes = fileURLToPath(new URL("ten-mistakes.json", import.meta.url));
const deployment = makeDeployment();
const there = ["--config", deployment.config];
afterAll(() => deployment.remove());

const right = (path: string) =>
  deployment.write(
    "right.json",
    JSON.stringify({
      audiences: { vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31", staff: ["one", "two"] },
      banners: [
        {
          id: "hero",
          paths: [path, "/sale/*"],
          selector: "#hero",
          variants: [
            { id: "vip", for: { any: ["vip"], not: ["staff"] }, put: { content: "<p>Hello</p>" } },
            { id: "staff", for: { all: ["staff"] }, put: { element: "<p>Back to work</p>" } },
          ],
        },
      ],
    }),
  );

describe("check", () => {
  test("with a page, a place that is missing or taken is told", async () => {
    const variant = (put: object) => [{ id: "vip", for: { any: ["vip"] }, put }];
    const on = (id: string, selector: string, put: object = { content: "x" }) => {
      return { id, paths: ["/women.html"], selector, variants: variant(put) };
    };
    const file = deployment.write(
      "places.json",
      JSON.stringify({
        audiences: { vip: "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31" },
        banners: [
          on("hero", "#hero", { edits: [{ content: "x" }, { selector: ".gone", remove: true }] }),
          on("second", "main > section[id]"),
          on("strip", ".strip"),
          on("blocks", "main.page-main", { from: "commerce" }),
          on("rotator", ".block-banners", { from: "commerce" }),
        ],
      }),
    );
    const page = deployment.write(
      "page.html",
      '<main class="page-main"><section id="hero">a</section></main><p class="strip">b<p class="strip">c' +
        `<div class="block-banners" data-bind="scope: 'banner'"></div>`,
    );
    const args = ["check", file, "--page", page, ...there];
    const { output } = await spawnCommand(["campaigns.ts", ...args, "--path", "/women.html", "--json"]);
    expect(JSON.parse(output)).toMatchObject({
      ok: true,
      warnings: [
        "hero: .gone finds nothing in this page",
        "second: main > section[id] finds what hero has, which stands before it in the file",
        "strip: .strip finds 2 elements; the first is its place",
        'blocks: main.page-main is no rotator of Adobe Commerce, so that "from" has nothing to fill',
      ],
    });
    const elsewhere = await spawnCommand(["campaigns.ts", ...args]);
    expect(elsewhere.output).toContain("no banner stands on /; name the page's path with --path");
  });

  test("ten mistakes are ten sentences, each with its place", async () => {
    const { exitCode, output, errors } = await spawnCommand(["campaigns.ts", "check", tenMistakes, ...there]);
    expect([exitCode, output]).toEqual([1, ""]);
    const [head, ...sentences] = errors.trimEnd().split("\n");
    expect(head).toBe(`${tenMistakes}: 10 problems`);
    const expected = [
      /^ {2}banners\[0\]\.variants\[0\]\.for\.any\[0\]: unknown audience "vpi"; did you mean "vip"\?$/,
      /^ {2}banners\[0\]\.variants\[0\]\.put\.content: <b> is never closed$/,
      /^ {2}banners\[0\]\.website: unknown key; did you mean "websites"\?$/,
      /^ {2}banners\[1\]\.paths\[0\]: "\/checkout\/cart\/" is never edited/,
      /^ {2}banners\[1\]\.paths\[1\]: "\/\*" .*COMMERCE_ADMIN_PATH/,
      /^ {2}banners\[1\]\.selector: HTMLRewriter does not know "#aside:hover"/,
      /^ {2}banners\[1\]\.variants\[0\]\.for: nobody is named/,
      /^ {2}banners\[1\]\.variants\[1\]\.put\.content: <script> is refused/,
      /^ {2}banners\[2\]\.id: a second banner with the id "hero"$/,
      /^ {2}banners\[2\]\.variants\[0\]\.put\.content: .*12$/,
    ];
    expect(sentences.length).toBe(expected.length);
    for (const [index, pattern] of expected.entries()) expect(sentences[index]).toMatch(pattern);
  });

  test("a machine gets the same as JSON, and a right file is told in words", async () => {
    const wrong = await call(runCampaigns, ["check", tenMistakes, "--json", ...there]);
    const fine = await call(runCampaigns, ["check", right("/"), ...there]);
    const missing = await call(runCampaigns, ["check", "nowhere.json", ...there]);
    const told = JSON.parse(wrong.output);
    expect([wrong.exitCode, told.ok, told.problems.length]).toEqual([1, false, 10]);
    expect(told.problems[0]).toEqual({
      path: "banners[0].variants[0].for.any[0]",
      message: 'unknown audience "vpi"; did you mean "vip"?',
    });
    expect(fine.exitCode).toBe(0);
    expect(fine.output.split("\n").slice(1)).toEqual([
      "",
      "hero: / and everything under /sale/, at #hero",
      "  vip for shoppers in vip and not in staff",
      "    “Hello”",
      "  else staff for shoppers in staff",
      "    “Back to work”",
      "  else the store's own",
      "",
    ]);
    expect([missing.exitCode, missing.errors]).toEqual([2, "There is no file nowhere.json.\n"]);
  });
});

test("a store view without a text of its own is told, and the file is fine", async () => {
  const views = makeDeployment('[vars.WEBSITES.main]\nhosts = ["shop.example"]\nstoreViews = ["fr", "de"]\n');
  const put = { content: { default: "A", fr: "Un" } };
  const hero = { id: "hero", paths: ["/"], selector: "#hero", variants: [{ id: "a", for: "everyone", put }] };
  const file = views.write("texts.json", JSON.stringify({ audiences: {}, banners: [hero] }));
  const missing =
    'banners[0].variants[0].put.content: nothing for the store view "de"; "default" is shown there';
  const told = await call(runCampaigns, ["check", file, "--config", views.config]);
  expect(told.exitCode).toBe(0);
  expect(told.output).toContain("“A”; store view fr: “Un”");
  expect(told.output).toContain(`\nNot written for every store view:\n  ${missing}\n`);
  const machine = await call(runCampaigns, ["check", file, "--json", "--config", views.config]);
  const { warnings, marks } = JSON.parse(machine.output);
  expect(warnings).toEqual([missing]);
  expect(marks).toEqual([
    { website: "main", banner: "hero", variant: "a", mark: expect.stringMatching(/^_[0-9a-f]{16}$/) },
  ]);
  const explain = ["explain", "--campaigns", file, "--json", "--config", views.config];
  const shown = async (...more: string[]) =>
    JSON.parse((await call(runCampaigns, [...explain, ...more])).output).plan.edits[0].put.html;
  expect([await shown(), await shown("--store-view", "fr")]).toEqual(["A", "Un"]);
  const typo = await call(runCampaigns, [...explain, "--store-view", "ft"]);
  expect(typo.errors).toContain('There is no store view "ft" in wrangler.toml; did you mean "fr"?');
  views.remove();
});

test("who, when and where are told in words, and what could never be seen is a problem", async () => {
  const all = {
    id: "hero",
    paths: ["/"],
    selector: "#hero",
    storeViews: ["default"],
    device: "mobile",
    holdout: 5,
    schedule: { from: "2026-11-27T00:00", timeZone: "Europe/Berlin" },
    variants: [
      { id: "a", for: { any: ["vip", { not: ["staff"] }] }, share: 50, put: { content: "A" } },
      { id: "b", for: "everyone", put: { content: "B" } },
    ],
  };
  const write = (name: string, change: object) => {
    const audiences = { vip: "vip-1", staff: "staff-1" };
    return deployment.write(name, JSON.stringify({ audiences, banners: [{ ...all, ...change }] }));
  };
  const fine = await call(runCampaigns, ["check", write("who.json", {}), ...there]);
  expect(fine.output.split("\n").slice(2, -1)).toEqual([
    "hero: /, at #hero, store view default, on mobile only, from 2026-11-27T00:00 (Europe/Berlin)",
    "  the store's own for 5 % of the visitors, to measure against",
    "  a for 50 % of shoppers in vip or (not in staff)",
    "    “A”",
    "  else b for everyone",
    "    “B”",
    "  else the store's own",
  ]);
  const change = { storeViews: ["defualt"], variants: [...all.variants].reverse() };
  const wrong = await call(runCampaigns, ["check", write("never.json", change), "--json", ...there]);
  expect(JSON.parse(wrong.output).problems).toEqual([
    { path: "banners[0].storeViews[0]", message: 'unknown store view "defualt"; did you mean "default"?' },
    {
      path: "banners[0].variants[1]",
      message: 'can never be reached: "b" stands before it and is for everyone',
    },
  ]);
});

describe("publish", () => {
  let cloudflare: Cloudflare;
  beforeAll(async () => {
    cloudflare = await startCloudflare();
  });
  afterAll(() => cloudflare.stop());

  test("a refused file writes nothing; a right one can be read back, and lies ready for the deploy", async () => {
    mkdirSync(join(deployment.folder, "src"));
    const refused = await call(runCampaigns, ["publish", tenMistakes, "--local", ...there]);
    expect(refused.exitCode).toBe(1);
    expect(refused.errors.match(/^ {2}banners/gm)?.length).toBe(10);
    expect(existsSync(join(deployment.folder, ".wrangler"))).toBe(false);

    const published = await call(runCampaigns, ["publish", right("/"), "--local", "--embed", ...there]);
    expect(published.exitCode).toBe(0);
    const stored = await readWithWrangler("campaigns");
    expect(readStoredCampaigns(JSON.parse(stored)).ok).toBe(true);
    const embedded = readFileSync(join(deployment.folder, "src", "campaigns.embedded.json"), "utf8");
    expect(JSON.parse(embedded)).toEqual(JSON.parse(stored));
  });

  test('"/*" goes to Cloudflare only where its secret or the environment knows the admin path', async () => {
    const publish = (env: Record<string, string> = {}) =>
      call(runCampaigns, ["publish", right("/*"), "--remote", ...there], { ...cloudflare.env, ...env });
    cloudflare.secrets.push("COMMERCE_ADMIN_PATH");
    const unknown = await publish({ CLOUDFLARE_API_BASE_URL: "http://127.0.0.1:9/client/v4" });
    const set = await publish();
    expect(unknown.exitCode).toBe(1);
    expect(unknown.errors).toContain("could not be asked");
    expect(unknown.errors).toContain("set the secret COMMERCE_ADMIN_PATH");
    expect([set.exitCode, set.errors]).toEqual([0, ""]);
    expect(readStoredCampaigns(JSON.parse(cloudflare.kv.get("campaigns") ?? "null")).ok).toBe(true);
  });
});

test("campaigns.schema.json is in step with the code", () => {
  const committed = readFileSync(new URL("../../campaigns.schema.json", import.meta.url), "utf8");
  expect(committed).toBe(generateSchema());
});

/** As wrangler itself finds it, which `npm run dev` shares. */
async function readWithWrangler(key: string): Promise<string> {
  const words = ["kv", "key", "get", key, "--text", "--binding", "KV", "--local"];
  return (await runWrangler(readDeployment({ config: deployment.config }), words)).output;
}
