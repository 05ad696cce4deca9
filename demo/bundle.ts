/** Puts one Worker and everything it imports into a single module that workerd can run. */

import { build } from "esbuild";

/** The bundle's text. Styles, pages, client scripts and the typeface are put in as text or bytes. */
export async function bundle(entry: string): Promise<string> {
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    loader: { ".css": "text", ".html": "text", ".graphql": "text", ".client.js": "text", ".woff2": "binary" },
    logLevel: "error",
  });
  const output = result.outputFiles[0];
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  return output.text;
}
