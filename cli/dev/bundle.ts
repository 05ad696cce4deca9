/** The Worker's bundle, built again whenever a file of it changes. */

import { join } from "node:path";
import { context } from "esbuild";
import { ROOT } from "../command.ts";

export interface BundleOptions {
  readonly onBuilt: (script: string) => void;
  /** A change that does not build; what ran before goes on running. */
  readonly onBroken: (message: string) => void;
}

/** As wrangler builds it: one module, Workers' conditions, JSX of Hono. The first build is there at once. */
export async function watchBundle({ onBuilt, onBroken }: BundleOptions): Promise<{ stop(): Promise<void> }> {
  const building = await context({
    entryPoints: [join(ROOT, "src", "worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    loader: { ".html": "text", ".txt": "text" },
    sourcemap: "inline",
    logLevel: "silent",
    plugins: [
      {
        name: "tell",
        setup(build) {
          build.onEnd(({ errors, outputFiles }) => {
            const script = outputFiles?.[0]?.text;
            if (errors.length === 0 && script !== undefined) onBuilt(script);
            else onBroken(errors.map(describeError).join("\n"));
          });
        },
      },
    ],
  });
  await building.watch();
  return { stop: () => building.dispose() };
}

function describeError({ text, location }: { text: string; location: unknown }): string {
  const { file, line } = (location ?? {}) as { readonly file?: string; readonly line?: number };
  return file === undefined ? text : `${file}:${line}: ${text}`;
}
