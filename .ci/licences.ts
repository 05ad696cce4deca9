/** Whose code is deployed, and under which licence: every package in the bundle, and all that they depend on. */

import { readFileSync } from "node:fs";

/** What may be bundled into an MIT-licensed Worker, and given to anybody. */
const FREE = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense"]);

interface Package {
  readonly version: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const root = new URL("../", import.meta.url);
const readPackage = (name: string): Package =>
  JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, root), "utf8"));

const own: Package = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
const found = new Map<string, Package>();
const pending = Object.keys(own.dependencies ?? {});
for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
  if (found.has(name)) continue;
  const one = readPackage(name);
  found.set(name, one);
  pending.push(...Object.keys(one.dependencies ?? {}));
}

const meta: { readonly inputs: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL("dist/meta.json", root), "utf8"),
);
const bundled = new Set(
  Object.keys(meta.inputs).flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []),
);
const unnamed = [...bundled].filter((name) => !found.has(name));
const unfree = [...found].filter(([, { license }]) => !FREE.has(license ?? ""));

if (found.size === 0 || bundled.size === 0) throw new Error("no package was looked at");
if (unnamed.length > 0) throw new Error(`bundled, and not among the dependencies: ${unnamed.join(", ")}`);
if (unfree.length > 0)
  throw new Error(
    `licence: ${unfree.map(([name, { license }]) => `${name} (${license ?? "none"})`).join(", ")}`,
  );
for (const [name, { version, license }] of found) console.log(`${name} ${version}, ${license}`);
