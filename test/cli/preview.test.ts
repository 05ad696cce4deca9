/** `npm run preview:link` and `npm run campaigns:explain`: what a page would be for whom, before it is live. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCampaigns } from "../../cli/campaigns.ts";
import { readDeployment } from "../../cli/deployment.ts";
import { openKv } from "../../cli/kv.ts";
import { runPreview } from "../../cli/preview.ts";
import { readStoredCampaigns } from "../../src/core/stored-campaigns.ts";
import { digestDraft, draftKey } from "../../src/edge/draft.ts";
import { readPreviewToken } from "../../src/edge/preview-token.ts";
import { openSigner } from "../../src/edge/signing.ts";
import { type Cloudflare, startCloudflare } from "./cloudflare.ts";
import { call, makeDeployment } from "./command-line.ts";

const SECRET = "a signing secret of the tests, long enough";
const vip = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const deployment = makeDeployment();
const there = ["--config", deployment.config];
const signing = { SIGNING_SECRET: SECRET };
const unset = { SIGNING_SECRET: "" };
afterAll(() => deployment.remove());

const file = deployment.write(
  "draft.json",
  JSON.stringify({
    audiences: { vip, staff: ["one", "two"] },
    banners: [
      {
        id: "hero",
        paths: ["/", "/sale/*"],
        selector: "#hero",
        variants: [
          { id: "vip", for: { any: ["vip"], not: ["staff"] }, put: { content: "<p>Hello</p>" } },
          { id: "staff", for: { all: ["staff"] }, put: { element: "<p>Back to work</p>" } },
        ],
      },
      {
        id: "strip",
        websites: ["main"],
        paths: ["/"],
        selector: "#strip",
        variants: [{ id: "staff", for: { any: ["staff"] }, put: { content: "<p>Staff</p>" } }],
      },
    ],
  }),
);

const link = (words: readonly string[], env: Readonly<Record<string, string>> = signing) =>
  call(runPreview, [...words, ...there], env);

async function readLink(output: string, website = "main", nowMs = Date.now()) {
  const url = new URL(output.trim());
  const token = url.searchParams.get("link") ?? "";
  const read = await readPreviewToken(openSigner([SECRET], "preview"), token, { code: website }, nowMs);
  return { address: url.origin + url.pathname, preview: read.ok ? read.value : read.error };
}

const splits = deployment.write(
  "splits.json",
  JSON.stringify({
    audiences: { vip },
    banners: [
      {
        id: "hero",
        paths: ["/"],
        selector: "#hero",
        holdout: 5,
        variants: [
          { id: "b", for: { any: ["vip"] }, share: 1, put: { content: "B" } },
          { id: "a", for: { any: ["vip"] }, put: { content: "A" } },
        ],
      },
    ],
  }),
);

describe("explain --split", () => {
  const explain = (...words: string[]) =>
    call(runCampaigns, ["explain", "--campaigns", splits, "--website", "main", ...words, ...there]);

  test("is a page as somebody whom the split deals so, the holdout too", async () => {
    const shown = async (split: string) =>
      JSON.parse((await explain("--audiences", "vip", "--split", split, "--json")).output).plan.choices[0];
    expect(await shown("hero=b")).toMatchObject({ variant: "b", reason: "condition-holds" });
    expect(await shown("hero=a")).toMatchObject({ variant: "a", passed: [{ reason: "other-share" }] });
    expect(await shown("hero=holdout")).toMatchObject({ variant: null, reason: "holdout" });
  });

  test("says what can't be: another banner, another variant, somebody whom it is not for", async () => {
    const why = async (...words: string[]) => (await explain(...words)).errors;
    expect(await why("--split", "heros=b")).toContain('no banner "heros"; did you mean "hero"?');
    expect(await why("--split", "hero=c")).toContain('The banner hero has no "c"; it has b, a, holdout.');
    expect(await why("--split", "hero=b")).toContain("Nobody in these audiences is dealt hero=b then");
  });
});

describe("preview:link", () => {
  let cloudflare: Cloudflare;
  beforeAll(async () => {
    cloudflare = await startCloudflare();
  });
  afterAll(() => cloudflare.stop());

  test("pins a split, in words that the bar tells, also of what is live", async () => {
    const words = ["--website", "main", "--audiences", vip, "--split", "hero=b", "--local"];
    const drafted = await link([...words, "--campaigns", splits]);
    const { preview } = await readLink(drafted.output);
    expect(preview).toMatchObject({
      split: { visitor: expect.stringMatching(/^preview-/), words: ["hero b"] },
    });
    expect((await link(words)).errors).toContain("No campaigns are live there");
    await call(runCampaigns, ["publish", splits, "--local", ...there]);
    expect((await readLink((await link(words)).output)).preview).toMatchObject({
      split: { words: ["hero b"] },
    });
  });

  test("prints a link alone, for a week, which the Worker of that website reads", async () => {
    const words = [
      "--website",
      "main",
      "--path",
      "/café?p=2",
      "--audiences",
      vip,
      "--at",
      "2026-12-24T10:00:00+01:00",
    ];
    const { exitCode, output, errors } = await link(words);
    expect([exitCode, errors]).toEqual([0, expect.stringMatching(/^Good for 7 days, for whoever has it/)]);
    const { address, preview } = await readLink(output);
    expect(address).toBe("https://shop.example/_audience/preview");
    expect(preview).toEqual({
      path: "/caf%C3%A9?p=2",
      audiences: [vip],
      names: [vip],
      atMs: Date.UTC(2026, 11, 24, 9),
      campaigns: null,
      split: null,
      expiresSeconds: expect.closeTo(Date.now() / 1000 + 7 * 86_400, -2),
    });
    expect((await readLink(output, "b2b")).preview).toBe("altered");
    expect((await readLink(output, "main", Date.now() + 8 * 86_400_000)).preview).toBe("expired");
  });

  test("names are those of the file, which is kept where the Worker reads it", async () => {
    const words = ["--website", "b2b", "--audiences", "vip,staff", "--campaigns", file, "--days", "1"];
    const { exitCode, output } = await link(words, { ...signing, ...cloudflare.env });
    expect(exitCode).toBe(0);
    const { address, preview } = await readLink(output, "b2b");
    expect(address).toBe("https://b2b.example/_audience/preview");
    expect(preview).toMatchObject({ audiences: [vip, "one", "two"], names: ["vip", "staff"] });
    const [[key, text] = ["", ""]] = cloudflare.kv;
    const digest = await digestDraft(text);
    expect(decodeURIComponent(key)).toBe(draftKey(digest));
    expect(preview).toMatchObject({ campaigns: digest });
    expect(readStoredCampaigns(JSON.parse(text)).ok).toBe(true);
    expect(cloudflare.kv.has("campaigns")).toBe(false);
  });

  test("on this machine it is for npm run dev, with the secret of .dev.vars", async () => {
    const remote = await link(["--website", "main"], unset);
    expect([remote.exitCode, remote.output]).toEqual([1, ""]);
    expect(remote.errors).toMatch(/Cloudflare gives no secret back: .*npm run secret:new/);
    const without = await link(["--website", "main", "--local"], unset);
    expect(without.errors).toMatch(/there is no SIGNING_SECRET in \.dev\.vars/);
    deployment.write(".dev.vars", `SIGNING_SECRET="${SECRET}"\n`);
    const { output } = await link(["--website", "main", "--local", "--campaigns", file], unset);
    const { address, preview } = await readLink(output);
    expect([address, preview]).toEqual([
      "http://localhost:8787/_audience/preview",
      expect.objectContaining({ path: "/", audiences: [], names: [] }),
    ]);
    const digest = typeof preview === "string" ? "" : (preview.campaigns ?? "");
    expect(
      await openKv(readDeployment({ config: deployment.config }), "local").get(draftKey(digest)),
    ).toContain("hero");
  });

  test("a file with mistakes is refused, and nothing is kept", async () => {
    const wrong = deployment.write("wrong.json", '{"audiences":{},"banners":[{"id":"x"}]}');
    cloudflare.kv.clear();
    const { exitCode, output, errors } = await link(["--website", "main", "--campaigns", wrong], {
      ...signing,
      ...cloudflare.env,
    });
    expect([exitCode, output, cloudflare.kv.size]).toEqual([1, "", 0]);
    expect(errors).toContain("wrong.json");
  });

  test.each([
    [[], /^Which website\? --website main or --website b2b/],
    [["--website", "man"], /^There is no website "man" in wrangler\.toml; did you mean "main"\?/],
    [["--website", "main", "--path", "sale"], /^--path is what stands behind the host/],
    [["--website", "main", "--path", "//evil.test/"], /^--path is what/],
    [["--website", "main", "--path", "/\\evil.test/"], /^--path is what/],
    [["--website", "main", "--days", "0"], /^--days is a whole number from 1 to 30/],
    [["--website", "main", "--days", "31"], /^--days/],
    [["--website", "main", "--at", "2026-12-24T10:00"], /^--at is a time with its offset/],
    [["--website", "main", "--at", "2026-13-24T10:00Z"], /^--at/],
    [["--website", "main", "--audiences", "vip"], /^There is no audience "vip"/],
    [
      ["--website", "main", "--audiences", "vpi", "--campaigns", file],
      /^There is no audience "vpi"; did you mean "vip"\?/,
    ],
    [["--website", "main", "--url", "shop"], /^--url is an address/],
    [["/"], /^Everything has a name here/],
  ])("%j is one sentence", async (words, sentence) => {
    const { exitCode, output, errors } = await link(words);
    expect([exitCode, output, errors]).toEqual([2, "", expect.stringMatching(sentence)]);
  });
});

describe("campaigns:explain", () => {
  const explain = (...words: string[]) =>
    call(runCampaigns, ["explain", "--campaigns", file, "--website", "main", ...words, ...there]);

  test("says in words what stands where for whom, and why", async () => {
    const { exitCode, output } = await explain("--path", "/", "--audiences", "vip");
    expect([exitCode, output]).toEqual([
      0,
      "/ of main, as vip: personalized.\n  hero   vip, condition holds\n  strip  the store's own, no condition holds\n           not staff: condition fails\n",
    ]);
    expect((await explain("--path", "/none")).output).toBe(
      "/none of main, as somebody in no audience: the store's own page (no banner here).\n",
    );
    expect((await explain("--path", "/sale/x?p=1")).output).toContain(
      "the store's own content, on a page that no cache keeps.\n  hero  the store's own, no membership",
    );
  });

  test("as JSON it is the plan itself, with audiences by name and by id", async () => {
    const { output } = await explain("--audiences", vip, "--json");
    expect(JSON.parse(output)).toMatchObject({
      website: "main",
      path: "/",
      audiences: [{ id: vip, name: "vip" }],
      plan: {
        kind: "personalize",
        choices: [
          { banner: "hero", variant: "vip", reason: "condition-holds" },
          { banner: "strip", variant: null },
        ],
        edits: [{ banner: "hero", selector: "#hero" }],
      },
    });
  });

  test("a website has its own banners", async () => {
    const words = ["explain", "--campaigns", file, "--website", "b2b", "--audiences", "staff", ...there];
    const { output } = await call(runCampaigns, words);
    expect(output).toMatch(/^\/ of b2b, as staff: personalized\.\n {2}hero {2}staff, /);
    expect(output).not.toContain("strip");
  });

  test("a wrong file or no file is told", async () => {
    const none = await call(runCampaigns, ["explain", "--website", "main", ...there]);
    expect([none.exitCode, none.errors]).toEqual([2, expect.stringMatching(/^Which file\?/)]);
    const wrong = deployment.write("wrong.json", '{"audiences":{},"banners":[{"id":"x"}]}');
    const words = ["explain", "--website", "main", "--campaigns", wrong, ...there];
    expect((await call(runCampaigns, words)).exitCode).toBe(1);
  });
});
