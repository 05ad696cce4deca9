/** The demo shop as a real one stands in the web: under a name of its own, over TLS, on port 443. */

import type { Browser } from "playwright-core";
import { type DemoOptions, type RunningDemo, startDemo } from "../../demo/run.ts";
import { launchBrowser } from "./browser.ts";
import { openTlsDoor } from "./tls-door.ts";

export const SHOP = "www.shop.test";

export interface TlsShop {
  readonly demo: RunningDemo;
  /** It finds the shop, and nothing else; its contexts need `ignoreHTTPSErrors`. */
  readonly browser: Browser;
  stop(): Promise<void>;
}

export async function openTlsShop(options: DemoOptions): Promise<TlsShop> {
  const demo = await startDemo({ ...options, hosts: [SHOP], socket: "proxied" });
  const door = await openTlsDoor({ [SHOP]: { port: Number(new URL(demo.url).port), socket: "proxied" } });
  const browser = await launchBrowser(...door.mapped);
  return {
    demo,
    browser,
    async stop() {
      await browser.close();
      await Promise.all([door.stop(), demo.stop()]);
    },
  };
}
