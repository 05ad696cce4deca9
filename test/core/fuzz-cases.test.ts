/** What `npm run fuzz` starts from and what it has ever found: no reader throws, and each keeps its promises. */

import { existsSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { targets } from "../fuzz/targets.ts";

it.each(targets)("$name", ({ name, seeds, check }) => {
  const file = new URL(`../cases/fuzz/${name}.json`, import.meta.url);
  const found: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  expect(Array.isArray(found)).toBe(true);
  for (const text of [...seeds, ...(found as string[])]) {
    check(text);
    // Cut anywhere, it is still no reason to throw.
    for (let at = 0; at < text.length; at += Math.ceil(text.length / 50)) check(text.slice(0, at));
  }
});
