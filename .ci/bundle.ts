/** Looks into what would be deployed: nothing of demo/, test/ or cli/, and no larger than it may be. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const MAX_GZIP_BYTES = 150_000;

const dist = new URL("../dist/", import.meta.url);
const meta: { readonly inputs: Readonly<Record<string, unknown>> } = JSON.parse(
  readFileSync(new URL("meta.json", dist), "utf8"),
);
const foreign = Object.keys(meta.inputs).filter(
  (input) => /(^|\/)(demo|test|cli)\//.test(input) && !input.includes("node_modules"),
);
const script = readFileSync(new URL("worker.js", dist));
const demoTraces = ["5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31", "demo.localhost"].filter((trace) =>
  script.includes(trace),
);
const bytes = gzipSync(script).length;

if (Object.keys(meta.inputs).length === 0) throw new Error("the bundle's metafile names no inputs");
if (foreign.length > 0) throw new Error(`the bundle holds ${foreign.join(", ")}`);
if (demoTraces.length > 0) throw new Error(`the bundle holds traces of the demo: ${demoTraces.join(", ")}`);
if (bytes > MAX_GZIP_BYTES)
  throw new Error(`the bundle is ${bytes} bytes gzipped; at most ${MAX_GZIP_BYTES}`);
console.log(`${Object.keys(meta.inputs).length} inputs, ${script.length} bytes, ${bytes} gzipped`);
