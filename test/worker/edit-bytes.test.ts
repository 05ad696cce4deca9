/** For random pages and random edits: no byte outside of the edited elements ever changes. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Edit } from "../../src/core/page.ts";
import type { Change } from "../../src/core/put.ts";
import { type Edge, startEdge } from "./edge.ts";
import { editsOf, scene, write } from "./random-page.ts";

const CASES = 600;

interface EditTask {
  readonly page: string;
  readonly edits: readonly Edit[];
}

interface EditResult {
  readonly page: string;
}

/** A Worker with the product's own editor: many pages in one request. */
const script = `import { placeEdits } from "./src/core/content-policy.ts";
import { editPage } from "./src/edge/edit.ts";

let pages = 0;
// A page that was not measured yet goes another way than one that is known to be short: by turns.
const bounds = () => ({ page: (pages += 1) % 2 ? "short" : "page " + pages, maxPageBytes: 1e7, nowMs: 0 });
const frame = () => ({ nonce: null, announced: false, bounds: bounds() });

async function edit({ page, edits }) {
  const response = new Response(page, { headers: { "content-type": "text/html; charset=utf-8" } });
  return { page: await editPage(response, placeEdits(edits, null, "").places, frame(), () => undefined).text() };
}

export default {
  async fetch(request) {
    return Response.json(await Promise.all((await request.json()).map(edit)));
  },
};`;

let edge: Edge;

beforeAll(async () => {
  const built = await build({
    stdin: { contents: script, resolveDir: join(import.meta.dirname, "../.."), loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
  });
  edge = await startEdge({ bindings: {}, bundle: built.outputFiles[0]?.text ?? "" });
});
afterAll(() => edge.stop());

async function editAll(tasks: readonly EditTask[]): Promise<EditResult[]> {
  const answer = await edge.send("/", { method: "POST", body: JSON.stringify(tasks) });
  return JSON.parse(answer.text()) as EditResult[];
}

/** Start tags whose attributes were changed are written anew; they are looked at by themselves. */
function hideChanged(text: string, edits: ReadonlyMap<number, readonly Change[]>): string {
  let hidden = text;
  for (const [id, all] of edits) {
    if (!all.some(({ kind }) => kind === "class" || kind === "attributes")) continue;
    const tag = new RegExp(
      `<(?:div|section)(?:\\s+(?:data-x="a>b"|[^<>]*?))?\\s+id=["']?t${id}["']?(?=[\\s>])[^<>]*(?:vip|a &#34;b&#34; &#38; c)[^<>]*>`,
      "i",
    );
    hidden = hidden.replace(tag, `<<t${id}>>`);
  }
  return hidden;
}

test("whatever the page and the edits, only the edited elements differ", async () => {
  const scenes = fc.sample(scene, { numRuns: CASES, seed: 5 });
  const tasks = scenes.map(({ pieces, edits }): EditTask => {
    return {
      page: write(pieces, new Map()),
      edits: editsOf(edits),
    };
  });
  const results = await editAll(tasks);
  scenes.forEach(({ pieces, edits }, index) => {
    const meant = new Map(edits);
    const seen = results[index]?.page ?? "";
    const context = JSON.stringify(tasks[index], null, 1);
    expect(hideChanged(seen, meant), context).toBe(write(pieces, meant));
  });
  const touched = results.filter(({ page: after }, index) => after !== tasks[index]?.page);
  expect(touched.length).toBeGreaterThan(CASES / 3);
});

const folder = process.env["EDGE_RECORDINGS"] ?? "";

test("every recorded page keeps each byte around each kind of edit", async (context) => {
  context.skip(!existsSync(join(folder, "magento")), "EDGE_RECORDINGS names no folder");
  const names = readdirSync(join(folder, "magento")).filter((name) => /^(builtin-)?page.*\.html$/.test(name));
  expect(names.length).toBeGreaterThan(4);
  for (const name of names) {
    const text = readFileSync(join(folder, "magento", name), "utf8");
    const start = text.indexOf('<main id="maincontent"');
    const inner = text.indexOf(">", start) + 1;
    const end = text.indexOf("</main>", inner);
    expect(start).toBeGreaterThan(0);
    const [head, tag, body, tail] = [
      text.slice(0, start),
      text.slice(start, inner),
      text.slice(inner, end),
      text.slice(end + "</main>".length),
    ];
    const cases: readonly (readonly [readonly Change[], string])[] = [
      [[{ kind: "content", html: "N" }], `${tag}N</main>`],
      [[{ kind: "element", html: "N" }], "N"],
      [[{ kind: "remove" }], ""],
      [[{ kind: "before", html: "N" }], `N${tag}${body}</main>`],
      [[{ kind: "after", html: "N" }], `${tag}${body}</main>N`],
      [[{ kind: "prepend", html: "N" }], `${tag}N${body}</main>`],
      [[{ kind: "append", html: "N" }], `${tag}${body}N</main>`],
      [[{ kind: "class", names: ["vip"] }], `${tag.replace(/(class="[^"]*)"/, '$1 vip"')}${body}</main>`],
      [
        [{ kind: "attributes", attributes: [["title", "N"]] }],
        `${tag.replace(/>$/, ' title="N">')}${body}</main>`,
      ],
    ];
    const tasks = cases.map(([all]): EditTask => {
      const put = { kind: "edits" as const, edits: [{ selector: null, changes: all }] };
      return {
        page: text,
        edits: [{ banner: "b", variant: "v", selector: "#maincontent", pageTypes: null, mark: null, put }],
      };
    });
    const results = await editAll(tasks);
    cases.forEach(([all, expected], index) => {
      expect(results[index]?.page === head + expected + tail, `${name}: ${all[0]?.kind}`).toBe(true);
    });
  }
});

test("Page Builder's own markup keeps each byte around the picture that is swapped", async (context) => {
  const file = join(folder, "luma", "pagebuilder-all-types.fragment.html");
  context.skip(folder === "" || !existsSync(file), "EDGE_RECORDINGS names no folder");
  const text = readFileSync(file, "utf8");
  const image = {
    desktop: "/v.jpg",
    mobile: "/m.jpg",
    alt: "A coat",
    size: null,
    mobileSize: null,
    link: "/vip",
    heading: null,
    belowTheFold: true,
  };
  const put = {
    kind: "edits" as const,
    edits: [{ selector: null, changes: [{ kind: "image" as const, image }] }],
  };
  const appearances = ["collage-left", "poster", "collage-right", "collage-centered"];
  const tasks = appearances.map((one): EditTask => {
    const selector = `[data-content-type="banner"][data-appearance="${one}"]`;
    return { page: text, edits: [{ banner: "b", variant: "v", selector, pageTypes: null, mark: null, put }] };
  });
  const results = await editAll(tasks);
  appearances.forEach((one, index) => {
    const start = text.indexOf(`<div data-content-type="banner" data-appearance="${one}"`);
    const wrapper = text.indexOf('<div class="pagebuilder-banner-wrapper"', start);
    const end = text.indexOf(">", wrapper) + 1;
    const link = text.slice(start, wrapper).replace(/href="[^"]*"/, 'href="/vip"');
    const after = results[index]?.page ?? "";
    expect(start).toBeGreaterThan(0);
    expect(after.startsWith(text.slice(0, start) + link)).toBe(true);
    expect(after.endsWith(text.slice(end))).toBe(true);
    const swapped = after.slice(start + link.length, after.length - (text.length - end));
    expect(swapped).toMatch(/^<style>\.background-image-edge-0\{.*<\/style><div [^<>]*>$/);
    expect(swapped).toContain("&#34;desktop_image&#34;:&#34;/v.jpg&#34;");
    expect(swapped).toContain("&#34;mobile_image&#34;:&#34;/m.jpg&#34;");
  });
});

test("an element that is never closed does not take the banners after it", async () => {
  const change = (html: string) => {
    return {
      kind: "edits" as const,
      edits: [{ selector: null, changes: [{ kind: "content" as const, html }] }],
    };
  };
  const edits = ["a", "b"].map((id) => {
    return {
      banner: id,
      variant: "v",
      selector: `#${id}`,
      pageTypes: null,
      mark: null,
      put: change(`new ${id}`),
    };
  });
  const [result] = await editAll([{ page: "<div><p id=a>x</div><ul><li>1</ul><div id=b>y</div>z", edits }]);
  expect(result?.page).toBe("<div><p id=a>new a</div><ul><li>1</ul><div id=b>new b</div>z");
});
