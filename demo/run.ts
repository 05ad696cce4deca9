/** Starts the demo, or the pretend Commerce alone, in one real workerd on this machine. */

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, type Json, Miniflare, type V4MiniflareOptions } from "miniflare";
import { analyticsBindings } from "./analytics.ts";
import { bundle } from "./bundle.ts";
import { fill } from "./filling.ts";
import type { StoreSettings } from "./store/settings.ts";
import type { WebSdk } from "./web-sdk.ts";

export interface DemoOptions {
  /** 0, the default, is any free port; so for the others. */
  readonly port?: number;
  readonly storePort?: number;
  readonly adobePort?: number;
  /** `claimed`: the shop believes the plain cookie. `verified`: only Adobe; the Web SDK is in its pages. */
  readonly trust?: "claimed" | "verified";
  /** Which line of Adobe's Web SDK the pages load; only with `verified`. */
  readonly webSdk?: keyof typeof webSdkFiles;
  /** Further names that the shop answers to. */
  readonly hosts?: readonly string[];
  /** `proxied`: the port takes a proxy's request lines, whole URLs, so that the Worker sees https. */
  readonly socket?: "direct" | "proxied";
  /** A bundled Worker to run in place of the demo's own front door. */
  readonly edgeScript?: string;
  /** Over the demo's own settings of its website. */
  readonly website?: Readonly<Record<string, unknown>>;
  /** Vars and secrets of the edge, over the demo's own. */
  readonly bindings?: Readonly<Record<string, unknown>>;
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

const adobe = { organizationId: "DEMO@AdobeOrg", sandbox: "prod" };

/** What `startDemo` and `npm start` do unless they are told otherwise. */
const defaultTrust = "claimed";

export const webSdk: WebSdk = {
  datastreamId: "d3a0c5be-0000-4000-8000-7e0000000001",
  organizationId: adobe.organizationId,
};

/** 2.32 hands an answer's audiences to the page; 2.33 has lost them. The Worker reads the wire. */
const webSdkFiles = {
  "2.32": "../node_modules/@adobe/alloy/dist/alloy.min.js",
  "2.33": "../node_modules/alloy-2-33/dist/alloy.min.js",
} as const;

/** Not secrets: everybody who starts the demo may know them. */
export const demoKeys = {
  ADMIN_TOKEN: "demo-dashboard-token",
  OPERATOR_KEY: "demo-operator-key",
  ADOBE_CLIENT_ID: "demo-client-id",
  ADOBE_CLIENT_SECRET: "demo-client-secret",
} as const;

export const shopHosts = [
  "localhost",
  "127.0.0.1",
  "shop.demo.localhost",
  "guest.demo.localhost",
  "vip.demo.localhost",
  "bargain.demo.localhost",
  "forger.demo.localhost",
] as const;

/** A website that believes nobody but Adobe, and the secret to sign with. */
const verifiedWebsite = {
  trust: "verified",
  datastreamId: webSdk.datastreamId,
  edgeUrl: "http://edge.adobe.demo",
};
/** Everybody knows it; without one the dashboard shows no page and makes no link. */
export const signing = { SIGNING_SECRET: "demo-signing-secret-that-everybody-knows" };
const adminPath = "backoffice";

function bindingsOf(options: DemoOptions): Record<string, unknown> {
  const { trust = defaultTrust, hosts = [], bindings } = options;
  const verified = trust === "verified";
  const website = {
    hosts: [...shopHosts, ...hosts],
    storefront: "luma",
    mode: "on",
    logSamplingRate: 1,
    graphqlPath: "/graphql",
    storeViews: ["fr"],
    adobe: { ...adobe, imsUrl: "http://ims.adobe.demo", platformUrl: "http://platform.adobe.demo" },
    ...(verified && verifiedWebsite),
    ...options.website,
  };
  return {
    ...demoKeys,
    ...analyticsBindings,
    ADMIN_HOST: "admin.localhost",
    COMMERCE_ADMIN_PATH: adminPath,
    WEBSITES: { main: website },
    ...(verified && { ...signing, WEB_SDK: webSdk }),
    ...bindings,
  };
}

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
        ORGANIZATION_ID: adobe.organizationId,
        SANDBOX: adobe.sandbox,
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
