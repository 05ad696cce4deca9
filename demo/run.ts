/** Starts the demo, or the pretend Commerce alone, in one real workerd on this machine. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, type Json, Miniflare, type V4MiniflareOptions } from "miniflare";
import { bundle } from "./bundle.ts";
import {
  adminPath,
  adobeAccount,
  bindingsOf,
  defaultTrust,
  demoKeys,
  type EdgeOptions,
  webSdk,
} from "./edge-settings.ts";
import { fill } from "./filling.ts";
import type { StoreSettings } from "./store/settings.ts";

export interface DemoOptions extends EdgeOptions {
  /** 0, the default, is any free port; so for the others. */
  readonly port?: number;
  readonly storePort?: number;
  readonly adobePort?: number;
  /** Which line of Adobe's Web SDK the pages load; only with `verified`. */
  readonly webSdk?: keyof typeof webSdkFiles;
  /** `proxied`: the port takes a proxy's request lines, whole URLs, so that the Worker sees https. */
  readonly socket?: "direct" | "proxied";
  /** A bundled Worker to run in place of the demo's own front door. */
  readonly edgeScript?: string;
  /** As Magento's `web/unsecure/base_url`. */
  readonly baseUrl?: string;
  /** Which Commerce the shop is: edition, collation, limits. */
  readonly store?: Partial<StoreSettings>;
  /** Where KV is kept; without it, in memory. */
  readonly persistRoot?: string;
  /** Each line that a Worker logs. */
  readonly onLog?: (line: string) => void;
}

export interface StoreOptions {
  readonly port?: number;
  /** Page requests under another host are redirected to it, as a real Magento does. */
  readonly baseUrl?: string;
  readonly settings?: Partial<StoreSettings>;
}

export interface RunningStore {
  readonly url: string;
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
}

export interface RunningDemo {
  /** `http://127.0.0.1:<port>`; the lobby is on `demo.localhost` of the same port. */
  readonly url: string;
  readonly storeUrl: string;
  readonly adobeUrl: string;
  readonly miniflare: Miniflare;
  stop(): Promise<void>;
}

type Workers = Extract<V4MiniflareOptions, { workers: unknown }>["workers"];

const compatibilityDate = "2026-10-01";

/** 2.32 hands an answer's audiences to the page; 2.33 has lost them. The Worker reads the wire. */
const webSdkFiles = {
  "2.32": "../node_modules/@adobe/alloy/dist/alloy.min.js",
  "2.33": "../node_modules/alloy-2-33/dist/alloy.min.js",
} as const;

/** The whole demo: the product in front of the pretend Commerce, and the pretend Adobe beside it. */
export async function startDemo(options: DemoOptions = {}): Promise<RunningDemo> {
  const [edge, network, adobeScript, store] = await Promise.all([
    options.edgeScript ?? bundle(pathOf("./edge.ts")),
    bundle(pathOf("./network.ts")),
    bundle(pathOf("./adobe/worker.ts")),
    storeWorker(
      {
        port: options.storePort ?? 0,
        settings: options.store ?? {},
        ...(options.baseUrl && { baseUrl: options.baseUrl }),
      },
      await webSdkBindings(options),
    ),
  ]);
  const miniflare = open(options, [
    {
      name: "edge",
      modules: moduleOf(edge),
      compatibilityDate,
      bindings: bindingsOf(options) as Record<string, Json>,
      kvNamespaces: { KV: "edge-audiences-demo" },
      ...(options.edgeScript
        ? {}
        : { durableObjects: { CONTROL: { className: "Control", useSQLite: true } } }),
      serviceBindings: { STORE: "store", ADOBE: "adobe" },
      outboundService: "network",
      unsafeDirectSockets: [{ ...listen(options.port), proxy: options.socket === "proxied" }],
    },
    {
      name: "network",
      modules: moduleOf(network),
      compatibilityDate,
      serviceBindings: { STORE: "store", ADOBE: "adobe" },
    },
    store,
    {
      name: "adobe",
      modules: moduleOf(adobeScript),
      compatibilityDate,
      bindings: {
        CLIENT_ID: demoKeys.ADOBE_CLIENT_ID,
        CLIENT_SECRET: demoKeys.ADOBE_CLIENT_SECRET,
        ORGANIZATION_ID: adobeAccount.organizationId,
        SANDBOX: adobeAccount.sandbox,
        DATASTREAM_ID: webSdk.datastreamId,
      },
      unsafeDirectSockets: [listen(options.adobePort)],
    },
  ]);
  try {
    await miniflare.ready;
    const { trust = defaultTrust, store } = options;
    await fill(miniflare, { trust, edition: store?.edition, adminToken: demoKeys.ADMIN_TOKEN, adminPath });
    return {
      url: await addressOf(miniflare, "edge"),
      storeUrl: await addressOf(miniflare, "store"),
      adobeUrl: await addressOf(miniflare, "adobe"),
      miniflare,
      stop: () => miniflare.dispose(),
    };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

/** The pretend Commerce alone, for tests and for a cache in front of it. */
export async function startStore(options: StoreOptions = {}): Promise<RunningStore> {
  const miniflare = open({}, [await storeWorker(options)]);
  const url = await addressOf(miniflare, "store");
  return { url, miniflare, stop: () => miniflare.dispose() };
}

/** Adobe's own file is read where npm has put it; this repository has no copy. */
async function webSdkBindings({ trust = defaultTrust, webSdk: line = "2.32" }: DemoOptions) {
  if (trust === "claimed") return {};
  return { WEB_SDK: { ...webSdk }, WEB_SDK_SCRIPT: await readFile(pathOf(webSdkFiles[line]), "utf8") };
}

async function storeWorker(
  { port, baseUrl, settings = {} }: StoreOptions,
  webSdkOfPages: Record<string, Json> = {},
) {
  return {
    name: "store",
    modules: moduleOf(await bundle(pathOf("./store/worker.ts"))),
    compatibilityDate,
    bindings: { STORE_SETTINGS: { ...settings }, ...(baseUrl && { BASE_URL: baseUrl }), ...webSdkOfPages },
    unsafeDirectSockets: [listen(port)],
  };
}

function open(options: DemoOptions, workers: Workers): Miniflare {
  const { onLog, persistRoot } = options;
  return new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      ...(persistRoot && { resourcePersistencePath: persistRoot }),
      handleStructuredLogs: ({ message }) => onLog?.(message),
      workers,
    }),
  );
}

function listen(port = 0) {
  return { host: "127.0.0.1", port };
}

function moduleOf(contents: string) {
  return [{ type: "ESModule" as const, path: "index.js", contents }];
}

function pathOf(relative: string): string {
  return fileURLToPath(new URL(relative, import.meta.url));
}

async function addressOf(miniflare: Miniflare, worker: string): Promise<string> {
  await miniflare.ready;
  return (await miniflare.unsafeGetDirectURL(worker)).href.replace(/\/$/, "");
}
