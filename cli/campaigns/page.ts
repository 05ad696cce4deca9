/** The places of banners tried on a page that was saved: in the very HTMLRewriter that will look for them. */

import { readFileSync } from "node:fs";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import type { Campaigns } from "../../src/core/campaigns.ts";
import { matchesPath, readablePath } from "../../src/core/path.ts";
import { placesOf } from "../../src/core/put.ts";
import { isShell } from "../../src/core/rotator.ts";
import { wrongUsage } from "../command.ts";

/** Answers, for each selector, the numbers of the elements that it finds in the page, and the binding of the first. */
const FINDER = `export default { async fetch(request) {
  const { page, selectors } = await request.json();
  const found = selectors.map(() => ({ numbers: [], dataBind: null }));
  let number = 0;
  const rewriter = new HTMLRewriter().on("*", { element() { number += 1; } });
  selectors.forEach((selector, index) => {
    rewriter.on(selector, { element(element) {
      if (found[index].numbers.length === 0) found[index].dataBind = element.getAttribute("data-bind");
      found[index].numbers.push(number);
    } });
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
      const all = variants.flatMap(({ put }) => placesOf(put, selector));
      const rotators = all.filter(({ changes }) => changes.some(({ kind }) => kind === "dynamic-blocks"));
      return [...new Set(all.map((place) => place.selector))].map((one) => ({
        banner: id,
        selector: one,
        isRotator: rotators.some((place) => place.selector === one),
      }));
    });
  if (places.length === 0) return [`no banner stands on ${path}; name the page's path with --path`];
  const found = await findElements(
    readPage(file),
    places.map(({ selector }) => selector),
  );
  const owners = new Map<number, string>();
  return places.flatMap(({ banner, selector, isRotator }, index) => {
    const [first, ...others] = found[index]?.numbers ?? [];
    if (first === undefined) return [`${banner}: ${selector} finds nothing in this page`];
    const owner = owners.get(first) ?? banner;
    owners.set(first, owner);
    if (owner !== banner) {
      return [`${banner}: ${selector} finds what ${owner} has, which stands before it in the file`];
    }
    if (isRotator && !isShell(found[index]?.dataBind ?? null)) {
      return [`${banner}: ${selector} is no rotator of Adobe Commerce, so that "from" has nothing to fill`];
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

interface Found {
  readonly numbers: readonly number[];
  readonly dataBind: string | null;
}

async function findElements(page: string, selectors: readonly string[]): Promise<Found[]> {
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
    return (await answer.json()) as Found[];
  } finally {
    await miniflare.dispose();
  }
}
