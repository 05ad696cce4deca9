/** `npm run conformance`: public suites, with us and without; what differs is told, and the tables are in docs. */

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { type ExitCode, readArguments, runCommand } from "../../cli/command.ts";
import { startDemo } from "../../demo/run.ts";
import { compileCampaigns } from "../bench/campaigns.ts";
import { startContestant } from "../bench/contestant.ts";
import { openEntries } from "../bench/entries.ts";
import { VIP } from "../bench/page.ts";
import { type CacheResults, type CacheTest, openCacheSuite } from "./cache-suite.ts";
import { audit, type Outcome } from "./graphql-audits.ts";
import { cacheTable, graphqlTable } from "./table.ts";

const help = `
npm run conformance
  GraphQL over HTTP (graphql-http) and HTTP caches (http-cache-tests): the same with us as without.
  --write FILE   the tables, as Markdown
`;

const BUNDLE = new URL("../../dist/worker.js", import.meta.url);

async function runConformance(words: string[]): Promise<ExitCode> {
  const { values } = readArguments(words, { write: { type: "string" } });
  execFileSync("npm", ["run", "--silent", "build"], { stdio: ["ignore", "ignore", "inherit"] });
  const graphql = await askGraphql();
  const cache = await askCaches();
  const differing = [...graphql.differing, ...(typeof cache === "string" ? [] : cache.differing)];
  console.log(
    `GraphQL over HTTP: ${graphql.direct.length} audits, ${graphql.differing.length} differ with us.`,
  );
  if (typeof cache === "string") console.log(`HTTP caches: skipped. ${cache}`);
  else console.log(`HTTP caches: ${cache.tests.length} tests, ${cache.differing.length} differ with us.`);
  for (const one of differing) console.log(`  ${one}`);
  if (values.write !== undefined) {
    const tables = [graphqlTable(graphql.direct, graphql.ours)];
    if (typeof cache !== "string") tables.push(cacheTable(cache.tests, cache.passthrough, cache.ours));
    writeFileSync(values.write, tables.join("\n"));
  }
  return differing.length === 0 ? 0 : 1;
}

async function askGraphql() {
  const demo = await startDemo({ edgeScript: readFileSync(BUNDLE, "utf8") });
  const member = { "aep-segments-membership": VIP };
  try {
    const direct = await audit(demo.storeUrl, member);
    const ours = await audit(demo.url, member);
    const same = (one: Outcome, index: number) => JSON.stringify(one) === JSON.stringify(direct[index]);
    const differing = ours.filter((one, index) => !same(one, index)).map(({ id, name }) => `${id} ${name}`);
    return { direct, ours, differing };
  } finally {
    await demo.stop();
  }
}

interface CacheFindings {
  readonly tests: readonly CacheTest[];
  readonly passthrough: CacheResults;
  readonly ours: CacheResults;
  readonly differing: readonly string[];
}

/** Ours is on, with a banner elsewhere: paths that no banner names are nobody's but the shop's. */
async function askCaches(): Promise<CacheFindings | string> {
  const suite = await openCacheSuite();
  if (typeof suite === "string") return suite;
  const { passthrough: plain, ours: own } = await openEntries(suite.url);
  const banner = { id: "hero", paths: ["/"], selector: "#hero", variants: [vipVariant] };
  const kv = { campaigns: await compileCampaigns({ banners: [banner] }) };
  const proxies = await Promise.all([startContestant(plain), startContestant({ ...own, kv })]);
  try {
    const [without, ours] = proxies;
    const before = await suite.run(without.url);
    const after = await suite.run(ours.url);
    const differing = suite.tests
      .filter(({ id }) => (before[id] === true) !== (after[id] === true))
      .map(({ id, name }) => `${id} ${name}: ${String(before[id])} without us, ${String(after[id])} with us`);
    return { tests: suite.tests, passthrough: before, ours: after, differing };
  } finally {
    for (const proxy of proxies) await proxy.stop();
    suite.stop();
  }
}

const vipVariant = { id: "vip", for: { any: ["vip"] }, put: { content: "<p>vip</p>" } };

if (import.meta.main) await runCommand(help, runConformance);
