/** The client of the cache suite, in a process of its own: a base URL and the package's folder, results by message. */

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [base = "", folder = ""] = process.argv.slice(2);
const load = (file: string) => import(pathToFileURL(join(folder, file)).href);
const { runTests, getResults } = await load("client/runner.mjs");
const { default: suites } = await load("tests/index.mjs");

await runTests(suites, fetch, false, base);
process.send?.(getResults(), () => process.exit(0));
