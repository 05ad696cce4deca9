/** docs/security.md: every door names what holds it, which is there, and the tests that prove it, by their titles. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { missingProofs, proofsIn, readPage, rowsOf } from "./proofs.ts";

const root = join(import.meta.dirname, "../..");
const page = readPage("security.md");
const [, review = ""] = /^## Every door$(.*?)^## /ms.exec(page) ?? [];
const doors = rowsOf(review, ["door"]);

it("has the doors, each with what comes in, what holds it and its proof", () => {
  expect(doors.length).toBeGreaterThan(60);
  expect(doors.filter((row) => row.split(" | ").length !== 4)).toEqual([]);
});

it("each door names a test", () => {
  expect(doors.filter((row) => proofsIn(row).length === 0)).toEqual([]);
});

it("each test that it names is there, by its very title", () => {
  expect(missingProofs(page)).toEqual([]);
  expect(proofsIn(page).flatMap(({ titles }) => titles).length).toBeGreaterThan(120);
});

it("each file that holds a door is there", () => {
  const files = [...page.matchAll(/`((?:admin|app|cli|core|edge|settings|worker|\.ci)[\w./-]*\.tsx?)`/g)];
  const places = files.map(([, file = ""]) => (/^(?:cli|\.ci)\//.test(file) ? file : `src/${file}`));
  expect(places.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  expect(places.length).toBeGreaterThan(40);
});

it("each door names a file that holds it", () => {
  const held = /`(?:admin|app|cli|core|edge|settings|worker|\.ci|test|package|wrangler)[\w./-]*`/;
  expect(doors.filter((row) => !held.test(row.split(" | ")[2] ?? ""))).toEqual([]);
});
