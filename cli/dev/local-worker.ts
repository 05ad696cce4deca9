/** The Worker in a real workerd on this machine, under the store's own address, with KV that lasts. */

import { convertV4MiniflareOptions, HttpOptions_Style, Miniflare } from "miniflare";

export interface LocalWorkerOptions {
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
  /** As wrangler calls it on this machine, so that both see the same KV. */
  readonly kvNamespace: string;
  /** null: KV in memory. */
  readonly localState: string | null;
  /** The store's base URL, and where the way out to it begins. */
  readonly base: URL;
  readonly connectorPort: number;
  /** Each line that the Worker logs. */
  readonly onLog: (line: string) => void;
}

export interface LocalWorker {
  /** The port that takes a proxy's request lines; while a new script starts, as soon as it has. */
  findPort(): Promise<number>;
  /** Starts that script; an isolate begins without memory, so what KV holds shows at once. */
  load(script: string): Promise<void>;
  /** The same script in a new isolate. */
  reload(): Promise<void>;
  readKv(key: string): Promise<string | null>;
  writeKv(key: string, text: string): Promise<void>;
  stop(): Promise<void>;
}

/** Requests to the store's own host leave through the connector, all others go to the network. */
const DOOR = `export default {
  fetch(request, env) {
    const store = new URL(request.url).host === env.STORE_HOST;
    return store ? env.STORE.fetch(request) : fetch(request);
  }
};`;

export function openLocalWorker(options: LocalWorkerOptions): LocalWorker {
  let script = "";
  let miniflare: Miniflare | null = null;
  let port: Promise<number> = Promise.reject(new Error("nothing is built yet"));
  port.catch(() => {});

  async function start(): Promise<number> {
    const wanted = describeWorkers(options, script);
    if (miniflare === null) miniflare = new Miniflare(wanted);
    else await miniflare.setOptions(wanted);
    await miniflare.ready;
    return Number((await miniflare.unsafeGetDirectURL("edge")).port);
  }

  /** One start after the other: two at once would leave one of them without its workerd. */
  async function restart(): Promise<void> {
    port = port.catch(() => 0).then(start);
    await port;
  }

  async function kv() {
    await port;
    if (miniflare === null) throw new Error("the Worker is not running");
    return miniflare.getKVNamespace("KV", "edge");
  }

  return {
    findPort: () => port,
    load(built) {
      script = built;
      return restart();
    },
    reload: restart,
    readKv: async (key) => (await kv()).get(key, "text"),
    writeKv: async (key, text) => (await kv()).put(key, text),
    stop: async () => {
      await port.catch(() => 0);
      await miniflare?.dispose();
    },
  };
}

function describeWorkers(options: LocalWorkerOptions, script: string) {
  const { base, bindings, compatibilityDate, connectorPort, kvNamespace, localState, onLog } = options;
  // A proxy's request line holds scheme and host, so the Worker sees https where the store is https.
  const http = { style: HttpOptions_Style.PROXY };
  return convertV4MiniflareOptions({
    host: "127.0.0.1",
    port: 0,
    cf: false,
    telemetry: { enabled: false },
    ...(localState === null ? {} : { resourcePersistencePath: localState }),
    handleStructuredLogs: ({ message }) => onLog(message),
    workers: [
      {
        name: "edge",
        modules: [{ type: "ESModule", path: "worker.js", contents: script }],
        compatibilityDate,
        compatibilityFlags: [...options.compatibilityFlags],
        bindings: bindings as Record<string, never>,
        kvNamespaces: { KV: kvNamespace },
        durableObjects: { CONTROL: { className: "Control", useSQLite: true } },
        outboundService: "door",
        unsafeDirectSockets: [{ host: "127.0.0.1", port: 0, proxy: true }],
      },
      {
        name: "door",
        modules: [{ type: "ESModule", path: "door.js", contents: DOOR }],
        compatibilityDate,
        bindings: { STORE_HOST: base.host },
        serviceBindings: { STORE: { external: { address: `127.0.0.1:${connectorPort}`, http } } },
      },
    ],
  });
}
