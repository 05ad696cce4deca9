/** HTTP caches: the public suite of cache-tests.fyi, its server behind a proxy and its client in front of it. */

import { execFileSync, fork, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../cli/command.ts";

const PACKAGE = "http-cache-tests@0.4.5";
const SHA256 = "bde099a69b357a8779a797573906ff2b4c1912c394d1908dc4fbe78ac79de1fb";
/** Not a dependency: it brings all of npm 6 with it, which nothing of it that runs here needs. */
const FOLDER = join(ROOT, "node_modules", ".cache", "http-cache-tests-0.4.5");

export interface CacheTest {
  readonly id: string;
  readonly name: string;
  readonly suite: string;
}

/** What the suite says of each test: true, or how it failed. */
export type CacheResults = Readonly<Record<string, true | readonly [string, string]>>;

export interface CacheSuite {
  /** Where its server listens: the origin of the proxies. */
  readonly url: string;
  readonly tests: readonly CacheTest[];
  run(base: string): Promise<CacheResults>;
  stop(): void;
}

/** The reason why not, as a sentence: there is no registry, or it gives another package. */
export async function openCacheSuite(): Promise<CacheSuite | string> {
  const missing = existsSync(join(FOLDER, "package")) ? null : download();
  if (missing !== null) return missing;
  const at = (file: string) => join(FOLDER, "package", file);
  const server = spawn(process.execPath, [at("server/server.mjs")], {
    env: {
      ...process.env,
      npm_config_protocol: "http",
      npm_config_port: "0",
      npm_config_pidfile: join(FOLDER, "server.pid"),
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const port = await new Promise<string>((resolve) => {
    server.stdout.on("data", (chunk) => {
      const found = /Listening on http:.*:(\d+)\//.exec(String(chunk))?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const { default: suites } = await import(pathToFileURL(at("tests/index.mjs")).href);
  return {
    url: `http://127.0.0.1:${port}`,
    tests: readTests(suites),
    run: (base) => runClient(base, FOLDER),
    stop: () => void server.kill(),
  };
}

function download(): string | null {
  mkdirSync(FOLDER, { recursive: true });
  try {
    execFileSync("npm", ["pack", "--silent", PACKAGE], { cwd: FOLDER, stdio: "ignore", timeout: 60_000 });
  } catch {
    return `${PACKAGE} is not here, and no registry gives it.`;
  }
  const file = join(FOLDER, "http-cache-tests-0.4.5.tgz");
  if (createHash("sha256").update(readFileSync(file)).digest("hex") !== SHA256)
    return `What the registry gives as ${PACKAGE} is another package than the one that was read.`;
  execFileSync("tar", ["xzf", file], { cwd: FOLDER });
  return null;
}

interface WrittenSuite {
  readonly name: string;
  readonly tests: readonly { readonly id: string; readonly name: string; readonly browser_only?: boolean }[];
}

function readTests(suites: readonly WrittenSuite[]): CacheTest[] {
  return suites.flatMap(({ name: suite, tests }) =>
    tests.filter(({ browser_only }) => browser_only !== true).map(({ id, name }) => ({ id, name, suite })),
  );
}

/** The suite keeps its results in its modules: a process for each run. */
function runClient(base: string, folder: string): Promise<CacheResults> {
  const child = fork(new URL("cache-client.ts", import.meta.url), [base, join(folder, "package")], {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  return new Promise((resolve, reject) => {
    child.once("message", (results) => resolve(results as CacheResults));
    child.once("exit", (code) => reject(new Error(`the suite's client ended with ${code}`)));
  });
}
