/** For random pages and edits: where the places are known, the page is HTMLRewriter's own, byte for byte. */

import { build } from "esbuild";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Edit } from "../../src/core/page.ts";
import type { Change } from "../../src/core/put.ts";
import { type Edge, startEdge } from "./edge.ts";
import { editsOf, noise, scene, write } from "./random-page.ts";

const CASES = 150;

/** Pages of one path with the same edits: each is learned from, and compared with what was learned of all. */
interface Task {
  readonly pages: readonly string[];
  readonly edits: readonly Edit[];
  /** Lengths of the chunks in which a page comes, again and again. */
  readonly chunks: readonly number[];
}

interface Seen {
  readonly page: string;
  readonly known: boolean;
  readonly expected: { readonly text: string; readonly report: unknown };
  readonly got: { readonly text: string; readonly report: unknown };
}

/** The product's own rooms, in a Worker that reads each page by HTMLRewriter, and then by what it has learned. */
const script = `import { placeEdits } from "./src/core/content-policy.ts";
import { announcedImage } from "./src/core/put.ts";
import { editPage } from "./src/edge/edit.ts";
import { editKnownPage } from "./src/edge/known-page.ts";
import { learnOpening } from "./src/edge/opening.ts";

const latin = (buffer) => Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");

function arrive(page, chunks) {
  const bytes = new TextEncoder().encode(page);
  let at = 0;
  let n = 0;
  const readable = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const chunk = bytes.slice(at, at + chunks[n % chunks.length]);
      at += chunk.length;
      n += 1;
      if (chunk.length > 0) return controller.enqueue(chunk);
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
  return new Response(readable, { headers: { "content-type": "text/html; charset=utf-8" } });
}

let misses = 0;

async function run({ pages, edits, chunks }) {
  const { places } = placeEdits(edits, null, "");
  const announced = announcedImage(places) !== null;
  const frame = { nonce: null, announced, fill: null, bounds: { page: "page", maxPageBytes: 1e7, nowMs: 0 } };
  const openings = [];
  for (const page of pages) {
    const opening = await learnOpening(new TextEncoder().encode(page), places, frame);
    if (opening !== null) openings.push(opening);
  }
  const seen = [];
  for (const page of pages) {
    const expected = {};
    const slow = editPage(arrive(page, chunks), places, frame, (report) => { expected.report = report; });
    expected.text = latin(await slow.arrayBuffer());
    let known = false;
    const got = {};
    const work = [];
    const memory = { placed: { kind: "known" }, openings, hit() { known = true; }, miss: () => (misses += 1) % 2 === 0, learn() {} };
    const edit = { places, frame, memory, tell: (report) => { got.report = report; }, fail(error) { throw error; } };
    const fast = editKnownPage(arrive(page, chunks), edit, (promise) => work.push(promise));
    got.text = latin(await fast.arrayBuffer());
    await Promise.all(work);
    seen.push({ page, known, expected, got });
  }
  return seen;
}

export default {
  async fetch(request) {
    const all = [];
    for (const task of await request.json()) all.push(await run(task));
    return Response.json(all);
  },
};`;

let edge: Edge;

beforeAll(async () => {
  const built = await build({
    stdin: { contents: script, resolveDir: `${import.meta.dirname}/../..`, loader: "js" },
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
  });
  edge = await startEdge({ bindings: {}, bundle: built.outputFiles[0]?.text ?? "" });
});
afterAll(() => edge.stop());

async function runAll(tasks: readonly Task[]): Promise<Seen[][]> {
  const answer = await edge.send("/", { method: "POST", body: JSON.stringify(tasks) });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text()) as Seen[][];
}

/** What makes all the difference in what comes after it. */
const traps = [
  ...noise,
  "<!--",
  "-->",
  "<script>",
  "</script>",
  "<textarea>",
  "<div id=t0>",
  "</div>",
  '"',
  "é",
  '<link rel="preload" as="image" href="/old.jpg">',
  "<body class=cms-home>",
];

/** A page that is another from some place on, or in one place, or that ends there. */
const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom("insert", "replace", "cut"),
  text: fc.constantFrom(...traps),
});

function changePage(page: string, { at, kind, text }: { at: number; kind: string; text: string }): string {
  const start = Math.floor(at * page.length);
  if (kind === "cut") return page.slice(0, start);
  return page.slice(0, start) + text + page.slice(kind === "insert" ? start : start + text.length);
}

const picture: Change = {
  kind: "image",
  image: {
    desktop: "/v.jpg",
    mobile: "/m.jpg",
    alt: "A coat",
    size: null,
    mobileSize: null,
    link: "/vip",
    heading: null,
    belowTheFold: false,
  },
};

interface Variety {
  readonly picture: boolean;
  readonly typed: boolean;
  /** The first banner has the places of all. */
  readonly together: boolean;
}

/** What a banner may be beside one change at one place of any page. */
const variety = fc.record({
  picture: fc.boolean(),
  typed: fc.boolean(),
  together: fc.boolean(),
});

function vary(edits: readonly Edit[], { picture: pictured, typed, together }: Variety): Edit[] {
  const [first, ...others] = edits;
  if (first === undefined) return [];
  const placed = (edit: Edit) =>
    edit.put.kind === "edits" ? edit.put.edits.map((one) => ({ ...one, selector: edit.selector })) : [];
  const own = pictured ? [{ selector: null, changes: [picture] }] : placed(first);
  const all = together ? [...own, ...others.flatMap(placed)] : own;
  const pageTypes = typed ? ["cms-home"] : null;
  return [
    { ...first, pageTypes, mark: typed ? "m1" : null, put: { kind: "edits", edits: all } },
    ...(together ? [] : others),
  ];
}

const task = fc
  .tuple(
    scene,
    variety,
    fc.array(change, { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 5 }),
  )
  .map(([{ pieces, edits }, various, changes, chunks]): Task => {
    const page = `<body class="cms-home">${write(pieces, new Map())}`;
    // Shorter than a step of a lesson, nothing would come after the last edit.
    const link = '<link rel="preload" as="image" href="/other.jpg">';
    const tail = `${"<p>and so on, é, 山</p>".repeat(60)}${link}${page}`;
    const pages = [
      page + tail,
      ...changes.map((one) => changePage(page, one) + tail),
      changePage(page, changes[0] ?? { at: 0, kind: "cut", text: "" }),
    ];
    return { pages, edits: vary(editsOf(edits), various), chunks };
  });

test("whatever the page, its chunks and its edits, the page and what is told of it are HTMLRewriter's own", async () => {
  const tasks = fc.sample(task, { numRuns: CASES, seed: 11 }).filter(({ edits }) => edits.length > 0);
  const results: Seen[] = (await runAll(tasks)).flat();
  for (const { page, expected, got } of results) expect(got, page).toEqual(expected);
  const known = results.filter((one) => one.known);
  expect(known.length).toBeGreaterThan(results.length / 4);
});
