/** The public suites' results as tables of Markdown. */

import type { CacheResults, CacheTest } from "./cache-suite.ts";
import type { Outcome } from "./graphql-audits.ts";

export function graphqlTable(direct: readonly Outcome[], ours: readonly Outcome[]): string {
  const said = (one: Outcome | undefined) =>
    one === undefined ? "" : one.status === "ok" ? "ok" : `${one.status} (${one.answer})`;
  const rows = direct.map(
    (one, index) => `| ${one.id} | ${one.name} | ${said(one)} | ${said(ours[index])} |`,
  );
  const ok = (all: readonly Outcome[]) => all.filter(({ status }) => status === "ok").length;
  return [
    "| id | audit | Commerce | with us |",
    "|---|---|---|---|",
    ...rows,
    `| | passed | ${ok(direct)} of ${direct.length} | ${ok(ours)} of ${ours.length} |`,
    "",
  ].join("\n");
}

/** A row for each part of the suite. */
export function cacheTable(tests: readonly CacheTest[], without: CacheResults, ours: CacheResults): string {
  const suites = [...new Set(tests.map(({ suite }) => suite))];
  const passed = (all: readonly CacheTest[], results: CacheResults) =>
    all.filter(({ id }) => results[id] === true).length;
  const row = (name: string, all: readonly CacheTest[]) => {
    const differing = all.filter(({ id }) => (without[id] === true) !== (ours[id] === true)).length;
    return `| ${name} | ${all.length} | ${passed(all, without)} | ${passed(all, ours)} | ${differing} |`;
  };
  return [
    "| part of the suite | tests | passed by the passthrough Worker | by us | differ |",
    "|---|---|---|---|---|",
    ...suites.map((suite) =>
      row(
        suite,
        tests.filter((one) => one.suite === suite),
      ),
    ),
    row("all", tests),
    "",
  ].join("\n");
}
