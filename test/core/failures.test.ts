/** docs/failures.md: every failure names the tests that prove it, and each of them is there. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/failures.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| what breaks"));
const failures = rows.filter((row) => !row.startsWith("| rung "));

/** `test/…test.ts`: "title", "title" */
function proofsIn(text: string): { readonly file: string; readonly titles: readonly string[] }[] {
  const flat = text.replaceAll("\n", " ");
  return [...flat.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].map(
    ([, file = "", titles = ""]) => ({
      file,
      titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => title),
    }),
  );
}

it("has the rungs and the failures", () => {
  expect(failures.length).toBeGreaterThan(20);
});

it("each row names a test", () => {
  expect(failures.filter((row) => proofsIn(row).length === 0)).toEqual([]);
});

it("each test that it names is there, by its very title", () => {
  const missing = proofsIn(page).flatMap(({ file, titles }) => {
    if (!existsSync(join(root, file))) return [file];
    const source = readFileSync(join(root, file), "utf8");
    return titles.filter((title) => !source.includes(`"${title}"`)).map((title) => `${file}: ${title}`);
  });
  expect(missing).toEqual([]);
  expect(proofsIn(page).flatMap(({ titles }) => titles).length).toBeGreaterThan(30);
});
