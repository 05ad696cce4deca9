/** What a page of docs/ names as its proof: a test file with the titles of its tests, and whether each of them is there. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface Proof {
  readonly file: string;
  readonly titles: readonly string[];
}

export function readPage(name: string): string {
  return readFileSync(join(root, "docs", name), "utf8");
}

/** The rows of a page's tables, without heads and lines; a head begins as one of `heads` does. */
export function rowsOf(page: string, heads: readonly string[]): readonly string[] {
  return page
    .split("\n")
    .filter((line) => line.startsWith("| ") && !heads.some((head) => line.startsWith(`| ${head} |`)));
}

/** `test/…test.ts`: "title", "title" */
export function proofsIn(text: string): readonly Proof[] {
  const flat = text.replaceAll("\n", " ");
  return [...flat.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].map(
    ([, file = "", titles = ""]) => ({
      file,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
    }),
  );
}

/** Files that are not there, and titles that no test of their file has. */
export function missingProofs(text: string): readonly string[] {
  return proofsIn(text).flatMap(({ file, titles }) => {
    if (!existsSync(join(root, file))) return [file];
    const source = readFileSync(join(root, file), "utf8");
    return titles.filter((title) => !source.includes(`"${title}"`)).map((title) => `${file}: ${title}`);
  });
}
