/** The laws of the house: imports point down, core is pure, and nothing of the demo is in the product. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const floors = ["core", "edge", "admin", "app", "worker"] as const;
type Floor = (typeof floors)[number];

/** What is pure itself and so may be used by core. */
const corePackages = new Set(["valibot", "isbot"]);

interface Import {
  readonly from: string;
  readonly to: string;
}

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => name.replaceAll("\\", "/"));

const read = (name: string) => readFileSync(join(root, "src", name), "utf8");

const imports: Import[] = sources.flatMap((from) =>
  [...read(from).matchAll(/^(?:import|(?:import|export|\}).*\sfrom)\s+"([^"]+)"/gm)].map((match) => ({
    from,
    to: match[1] ?? "",
  })),
);

/** `settings.ts` belongs to the worker's floor: it reads what only the platform gives. */
function floorOf(file: string): Floor {
  const top = file.split("/")[0] ?? "";
  if (top === "core" || top === "edge" || top === "admin") return top;
  return file === "app.ts" ? "app" : "worker";
}

const resolve = ({ from, to }: Import) => relative(join(root, "src"), join(root, "src", dirname(from), to));

it("finds the house", () => {
  expect(sources.length).toBeGreaterThan(30);
  expect(imports.length).toBeGreaterThan(60);
});

it("imports point down: worker → app → admin → edge → core", () => {
  const upward = imports
    .filter(({ to }) => to.startsWith("."))
    .filter((one) => floors.indexOf(floorOf(resolve(one))) > floors.indexOf(floorOf(one.from)));
  expect(upward).toEqual([]);
});

it("nothing leaves src but to a package, and nothing of the demo is imported", () => {
  const outside = imports.filter((one) => one.to.startsWith(".") && resolve(one).startsWith(".."));
  expect(outside).toEqual([]);
});

it("core uses only packages that are pure themselves", () => {
  const foreign = imports.filter(
    ({ from, to }) => floorOf(from) === "core" && !to.startsWith(".") && !corePackages.has(to),
  );
  expect(foreign).toEqual([]);
});

it("core knows no clock, no chance and no console", () => {
  const impure = /\b(Date\.now|new Date\(\)|Math\.random|console\.|fetch\(|crypto\.)/;
  const found = sources.filter((name) => floorOf(name) === "core" && impure.test(read(name)));
  expect(found).toEqual([]);
});

it("no file imports itself by a detour", () => {
  const graph = new Map<string, string[]>();
  for (const one of imports.filter(({ to }) => to.startsWith("."))) {
    graph.set(one.from, [...(graph.get(one.from) ?? []), resolve(one)]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string | null => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(" → ");
    if (done.has(file)) return null;
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  expect(sources.map((file) => visit(file, [])).filter((cycle) => cycle !== null)).toEqual([]);
});

it("every file says in its first line what it is for, and is no longer than 250 lines", () => {
  const silent = sources.filter((name) => !read(name).startsWith("/** "));
  const long = sources.filter((name) => read(name).trimEnd().split("\n").length > 250);
  expect({ silent, long }).toEqual({ silent: [], long: [] });
});

it("no file is a drawer", () => {
  const drawer =
    /(^|\/)(utils?|helpers?|common|lib|misc|types|constants|interfaces|manager|service|handler|impl|base)\.tsx?$/;
  expect(sources.filter((name) => drawer.test(name))).toEqual([]);
});
