/** Looks into what would be deployed: nothing of demo/, test/ or cli/, and no larger than it may be. */

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** The aim was 150 KB: docs/decisions/012-no-static-assets.md says what the rest is, and why it stays. */
const MAX_GZIP_BYTES = 162_000;
/** Of what is reached from the entry without passing through admin/. */
const MAX_SHOP_GZIP_BYTES = 100_000;

interface Meta {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly bytes: number;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
      }
    >
  >;
}

const dist = new URL("../dist/", import.meta.url);
const meta: Meta = JSON.parse(readFileSync(new URL("meta.json", dist), "utf8"));
const script = readFileSync(new URL("worker.js", dist));
const bytes = gzipSync(script).length;

const foreign = Object.keys(meta.inputs).filter(
  (input) => /(^|\/)(demo|test|cli)\//.test(input) && !input.includes("node_modules"),
);
const demoTraces = ["5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31", "demo.localhost"].filter((trace) =>
  script.includes(trace),
);

/** As the metafile has it: their share of the output, of its bytes as they are sent. */
function weighShop(): number {
  const output = Object.values(meta.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  if (output?.entryPoint === undefined) throw new Error("the bundle's metafile names no entry");
  const reached = new Set<string>();
  const pending = [output.entryPoint];
  for (let module = pending.pop(); module !== undefined; module = pending.pop()) {
    if (reached.has(module) || /(^|\/)src\/admin\//.test(module)) continue;
    reached.add(module);
    pending.push(...(meta.inputs[module]?.imports ?? []).map(({ path }) => path));
  }
  const weight = [...reached].reduce((sum, one) => sum + (output.inputs[one]?.bytesInOutput ?? 0), 0);
  return Math.round((bytes * weight) / output.bytes);
}

/** The heaviest rooms, for whoever has to find out what grew. */
function listRooms(): string {
  const output = Object.values(meta.outputs).find(({ entryPoint }) => entryPoint !== undefined);
  const rooms = new Map<string, number>();
  for (const [input, { bytesInOutput }] of Object.entries(output?.inputs ?? {})) {
    const room = input
      .replace(/^.*node_modules\//, "")
      .split("/")
      .slice(0, 2)
      .join("/");
    rooms.set(room, (rooms.get(room) ?? 0) + bytesInOutput);
  }
  const heaviest = [...rooms].sort(([, one], [, other]) => other - one).slice(0, 8);
  return heaviest.map(([room, weight]) => `${room} ${weight}`).join(", ");
}

const shopBytes = weighShop();
if (Object.keys(meta.inputs).length === 0) throw new Error("the bundle's metafile names no inputs");
if (foreign.length > 0) throw new Error(`the bundle holds ${foreign.join(", ")}`);
if (demoTraces.length > 0) throw new Error(`the bundle holds traces of the demo: ${demoTraces.join(", ")}`);
if (bytes > MAX_GZIP_BYTES)
  throw new Error(`the bundle is ${bytes} bytes gzipped; at most ${MAX_GZIP_BYTES} (${listRooms()})`);
if (shopBytes > MAX_SHOP_GZIP_BYTES)
  throw new Error(`without admin/ the bundle is ${shopBytes} bytes gzipped; at most ${MAX_SHOP_GZIP_BYTES}`);
console.log(
  `${Object.keys(meta.inputs).length} inputs, ${script.length} bytes, ${bytes} gzipped, ${shopBytes} without admin/`,
);
