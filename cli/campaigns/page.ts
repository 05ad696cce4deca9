/** The places of banners tried on a page that was saved: in the very HTMLRewriter that will look for them. */

import { readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Campaigns } from "../../src/core/campaigns.ts";
import { matchesPath, readablePath } from "../../src/core/path.ts";
import { placesOf } from "../../src/core/put.ts";
import { wrongUsage } from "../command.ts";

/** Answers, for each selector, the numbers of the elements that it finds in the page. */
const FINDER = `export default { async fetch(request) {
  const { page, selectors } = await request.json();
  const found = selectors.map(() => []);
  let number = 0;
  const rewriter = new HTMLRewriter().on("*", { element() { number += 1; } });
  selectors.forEach((selector, index) => {
    rewriter.on(selector, { element() { found[index].push(number); } });
  });
  const headers = { "content-type": "text/html; charset=utf-8" };
  await rewriter.transform(new Response(page, { headers })).arrayBuffer();
  return Response.json(found);
} };`;

/** One sentence for each place that is missing, not alone, or another banner's already. */
export async function tryPlaces({ banners }: Campaigns, file: string, path: string): Promise<string[]> {
  const places = banners
    .filter(({ paths }) => paths.some((pattern) => matchesPath(pattern, readablePath(path))))
    .flatMap(({ id, selector, variants }) => {
      const all = variants.flatMap(({ put }) => placesOf(put, selector).map((place) => place.selector));
      return [...new Set(all)].map((one) => ({ banner: id, selector: one }));
    });
  if (places.length === 0) return [`no banner stands on ${path}; name the page's path with --path`];
  const found = await findElements(
    readPage(file),
    places.map(({ selector }) => selector),
  );
  const owners = new Map<number, string>();
  return places.flatMap(({ banner, selector }, index) => {
    const [first, ...others] = found[index] ?? [];
    if (first === undefined) return [`${banner}: ${selector} finds nothing in this page`];
    const owner = owners.get(first) ?? banner;
    owners.set(first, owner);
    if (owner !== banner) {
      return [`${banner}: ${selector} finds what ${owner} has, which stands before it in the file`];
    }
    const count = others.length + 1;
    return count > 1 ? [`${banner}: ${selector} finds ${count} elements; the first is its place`] : [];
  });
}

function readPage(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw wrongUsage(`The page ${file} can't be read.`);
  }
}

async function findElements(page: string, selectors: readonly string[]): Promise<number[][]> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: "finder",
      modules: [{ type: "ESModule", path: "finder.js", contents: FINDER }],
      compatibilityDate: "2026-10-01",
      cf: false,
    }),
  );
  try {
    const answer = await miniflare.dispatchFetch("http://page.localhost/", {
      method: "POST",
      body: JSON.stringify({ page, selectors }),
    });
    return (await answer.json()) as number[][];
  } finally {
    await miniflare.dispose();
  }
}
