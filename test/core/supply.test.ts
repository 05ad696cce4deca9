/** What is built with and deployed is what was read: versions that do not move, their digests, and no secret in a file. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../..", name), "utf8");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

const manifest: Manifest = JSON.parse(read("package.json"));
const lock: { readonly packages: Readonly<Record<string, Locked>> } = JSON.parse(read("package-lock.json"));

it("three packages are in the Worker, and SECURITY.md names them", () => {
  const names = Object.keys(manifest.dependencies);
  expect(names).toHaveLength(3);
  expect(read("SECURITY.md")).toContain(names.join(", "));
});

it("no version moves by itself, and each package is the one whose digest was locked", () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(
    versions.filter(([, version]) => !/^(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)),
  ).toEqual([]);
  const packages = Object.entries(lock.packages).filter(([name, { link }]) => name !== "" && !link);
  expect(packages.length).toBeGreaterThan(50);
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
});

it("no package runs anything when it is installed", () => {
  expect(read(".npmrc")).toMatch(/^ignore-scripts=true$/m);
});

it("no secret stands in the settings that are deployed, and those of one's own machine are not kept by git", () => {
  const written = read("wrangler.toml")
    .split("\n")
    .filter((line) => !line.startsWith("#"));
  expect(written.filter((line) => /(?:SECRET|TOKEN|KEY|CREDENTIALS)\w*\s*=/.test(line))).toEqual([]);
  expect(read(".gitignore").split("\n")).toContain(".dev.vars");
});
