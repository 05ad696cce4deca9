/** The demo's front door: the product as it is deployed, a lobby beside it, and switches that break things. */

import type { Env } from "../src/settings.ts";
import worker, { Control } from "../src/worker.ts";
import type { Ask, DemoEnv } from "./lobby/ask.ts";
import { breakable, faults } from "./lobby/faults.ts";
import { allowFraming } from "./lobby/frame.ts";
import { serveLobby } from "./lobby/lobby.ts";
import { serveShopper } from "./lobby/shopper.ts";
import { openPointBox } from "./point-box.ts";

export { Control };

const pointBox = openPointBox();

/** The product opens its services once for one `env`, so it must be given the same object each time. */
const productEnvs = new WeakMap<DemoEnv, Env>();

function productEnv(env: DemoEnv): Env {
  const known = productEnvs.get(env);
  if (known !== undefined) return known;
  const counting = { ...env, ANALYTICS: pointBox };
  const made = env.KV === undefined ? counting : { ...counting, KV: breakable(env.KV) };
  productEnvs.set(env, made);
  return made;
}

export default {
  async fetch(request, env, context) {
    await pointBox.send();
    const { hostname, pathname } = new URL(request.url);
    const ask: Ask = async (asked) => {
      if (faults.worker === "off" && hostnameOf(asked) !== env.ADMIN_HOST) return env.STORE.fetch(asked);
      return worker.fetch(asked as typeof request, productEnv(env), context);
    };
    if (hostname === "demo.localhost") return serveLobby(request, env, ask);
    if (pathname.startsWith("/demo/")) return serveShopper(request, env, ask);
    return allowFraming(request, await ask(request));
  },

  async scheduled(controller, env) {
    await worker.scheduled(controller, productEnv(env));
  },
} satisfies ExportedHandler<DemoEnv>;

function hostnameOf(request: Request): string {
  return new URL(request.url).hostname;
}
