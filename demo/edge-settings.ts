/** What the Worker of the demo is deployed with: its vars, its website, and secrets that everybody knows. */

import { analyticsBindings } from "./analytics.ts";
import type { WebSdk } from "./web-sdk.ts";

export interface EdgeOptions {
  /** `claimed`: the shop believes the plain cookie. `verified`: only Adobe; the Web SDK is in its pages. */
  readonly trust?: "claimed" | "verified";
  /** Further names that the shop answers to. */
  readonly hosts?: readonly string[];
  /** Over the demo's own settings of its website. */
  readonly website?: Readonly<Record<string, unknown>>;
  /** Vars and secrets of the edge, over the demo's own. */
  readonly bindings?: Readonly<Record<string, unknown>>;
}

/** Whose audiences the pretend Adobe has. */
export const adobeAccount = { organizationId: "DEMO@AdobeOrg", sandbox: "prod" };

/** What `startDemo` and `npm start` do unless they are told otherwise. */
export const defaultTrust = "claimed";

export const webSdk: WebSdk = {
  datastreamId: "d3a0c5be-0000-4000-8000-7e0000000001",
  organizationId: adobeAccount.organizationId,
};

/** Not secrets: everybody who starts the demo may know them. */
export const demoKeys = {
  ADMIN_TOKEN: "demo-dashboard-token",
  OPERATOR_KEY: "demo-operator-key",
  ADOBE_CLIENT_ID: "demo-client-id",
  ADOBE_CLIENT_SECRET: "demo-client-secret",
} as const;

const shopHosts = [
  "localhost",
  "127.0.0.1",
  "shop.demo.localhost",
  "guest.demo.localhost",
  "vip.demo.localhost",
  "bargain.demo.localhost",
  "forger.demo.localhost",
] as const;

/** A website that believes nobody but Adobe. */
const verifiedWebsite = {
  trust: "verified",
  datastreamId: webSdk.datastreamId,
  edgeUrl: "http://edge.adobe.demo",
};

/** Without one the dashboard shows no page and makes no link. */
export const signing = { SIGNING_SECRET: "demo-signing-secret-that-everybody-knows" };

export const adminPath = "backoffice";

export function bindingsOf(options: EdgeOptions): Record<string, unknown> {
  const { trust = defaultTrust, hosts = [], bindings } = options;
  const verified = trust === "verified";
  const website = {
    hosts: [...shopHosts, ...hosts],
    storefront: "luma",
    mode: "on",
    logSamplingRate: 1,
    graphqlPath: "/graphql",
    storeViews: ["fr"],
    adobe: { ...adobeAccount, imsUrl: "http://ims.adobe.demo", platformUrl: "http://platform.adobe.demo" },
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
