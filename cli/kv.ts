/** KV from the command line: this machine's, which `npm run dev` reads, or the one of the deployed Worker. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { CommandError, wrongUsage } from "./command.ts";
import type { Deployment } from "./deployment.ts";
import { runWrangler, sentenceOf } from "./wrangler.ts";

export type Place = "local" | "remote";

export interface KvStore {
  /** null where there is no such key. */
  get(key: string): Promise<string | null>;
  /** `ttlSeconds`: after which KV forgets it, at least 60. */
  put(key: string, text: string, options?: { readonly ttlSeconds: number }): Promise<void>;
}

/** The options of every command that reads or writes KV. */
export const placeOptions = { local: { type: "boolean" }, remote: { type: "boolean" } } as const;

export function readPlace(
  { local = false, remote = false }: { readonly local?: boolean; readonly remote?: boolean },
  unless: Place,
): Place {
  if (local && remote) throw wrongUsage("Either --local or --remote, not both.");
  if (local) return "local";
  return remote ? "remote" : unless;
}

export function openKv(deployment: Deployment, place: Place): KvStore {
  return place === "local" ? openLocalKv(deployment) : openRemoteKv(deployment);
}

/** The very folder and namespace of `wrangler kv … --local`, without the second that wrangler takes to start. */
function openLocalKv({ kvNamespace, localState, configPath }: Deployment): KvStore {
  if (kvNamespace === null) throw new CommandError(`${configPath} binds no KV namespace as KV.`);
  async function use<T>(
    act: (kv: Awaited<ReturnType<Miniflare["getKVNamespace"]>>) => Promise<T>,
  ): Promise<T> {
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        modules: true,
        script: "export default { fetch: () => new Response(null, { status: 404 }) }",
        cf: false,
        telemetry: { enabled: false },
        resourcePersistencePath: localState,
        kvNamespaces: { KV: kvNamespace ?? "KV" },
      }),
    );
    try {
      return await act(await miniflare.getKVNamespace("KV"));
    } finally {
      await miniflare.dispose();
    }
  }
  return {
    get: (key) => use((kv) => kv.get(key, "text")),
    put: (key, text, options) =>
      use((kv) => kv.put(key, text, options && { expirationTtl: options.ttlSeconds })),
  };
}

/** `--binding`: where wrangler.toml gives no id, the deployed Worker's settings do. */
function openRemoteKv(deployment: Deployment): KvStore {
  const there = ["--binding", "KV", "--remote"];
  return {
    async get(key) {
      const words = ["kv", "key", "get", key, "--text", ...there];
      const { exitCode, output, errors } = await runWrangler(deployment, words);
      if (exitCode === 0) return output;
      if (/\/values\/.*\b404: Not Found/.test(errors)) return null;
      throw new CommandError(`KV could not be read: ${sentenceOf(errors)}`);
    },
    async put(key, text, options) {
      const folder = mkdtempSync(join(tmpdir(), "edge-audiences-"));
      try {
        const path = join(folder, "value");
        writeFileSync(path, text);
        const ttl = options ? ["--ttl", String(options.ttlSeconds)] : [];
        const words = ["kv", "key", "put", key, "--path", path, ...ttl, ...there];
        const { exitCode, errors } = await runWrangler(deployment, words);
        if (exitCode !== 0) throw new CommandError(`KV could not be written: ${sentenceOf(errors)}`);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
