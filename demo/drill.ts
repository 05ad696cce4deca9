/** The product with its KV, clock, control plane and memory in the hand of `npm run drill`; orders come to a host. */

import embedded from "../src/campaigns.embedded.json";
import type { ControlNamespace } from "../src/edge/control/calls.ts";
import type { Env } from "../src/settings.ts";
import worker, { Control } from "../src/worker.ts";
import type { DrillOrder, KvTrouble } from "./drill-order.ts";
import { WEATHER_HOST } from "./weather.ts";

export { Control };

/** Whose requests are orders. */
const DRILL_HOST = "drill.localhost";

const realNow = Date.now.bind(Date);
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;

let kv: KvTrouble = "none";
let control: "up" | "down" = "up";
let vars: Readonly<Record<string, unknown>> = {};
/** The product opens its services once for one object. */
let held: Env | null = null;

/** Only what shoppers need; each call asks how it is now. */
function troubled(real: KVNamespace): KVNamespace {
  const get = async (...question: [string, "text"]): Promise<string | null> => {
    if (kv === "throws") throw new Error("KV GET failed: 503 Service Unavailable");
    if (kv === "hangs") await new Promise((resolve) => setTimeout(resolve, 60_000));
    return kv === "rubbish" ? "<html>rubbish</html>" : real.get(...question);
  };
  return new Proxy(real, {
    get(target, name) {
      if (name === "get") return get;
      const method: unknown = Reflect.get(target, name, target);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
}

const reset = () => Promise.reject(new Error("Durable Object reset: internal error"));
/** As of a Durable Object whose machine is gone: there is a stub, and each call of it fails. */
const lost: ControlNamespace = {
  getByName: () => ({
    readCurrent: reset,
    readVersion: reset,
    listVersions: reset,
    keepVersion: reset,
    sync: reset,
    listRunning: reset,
    listReports: reset,
    listAudit: reset,
    recordPreview: reset,
    checkLive: reset,
    mendLive: reset,
  }),
};

function hold(env: Env): Env {
  const broken = control === "down" ? { CONTROL: lost } : {};
  held ??= { ...env, ...vars, ...broken, ...(env.KV && { KV: troubled(env.KV) }) };
  return held;
}

async function obey(order: DrillOrder): Promise<Response> {
  if (order.kv) kv = order.kv;
  if (order.control) control = order.control;
  if (order.aheadMs) aheadMs += order.aheadMs;
  if (order.vars !== undefined) vars = order.vars ?? {};
  if (order.embedded !== undefined) {
    // The module's own object, which each start of the product reads.
    const module = embedded as Record<string, unknown>;
    for (const key of Object.keys(module)) delete module[key];
    Object.assign(module, order.embedded ?? {});
  }
  if (order.cold) held = null;
  if (order.weather) {
    await fetch(`http://${WEATHER_HOST}/`, { method: "POST", body: JSON.stringify(order.weather) });
  }
  return Response.json({ obeyed: true });
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).hostname === DRILL_HOST) return obey(await request.json<DrillOrder>());
    return worker.fetch(request, hold(env), context);
  },
  async scheduled(controller, env) {
    await worker.scheduled(controller, hold(env));
  },
} satisfies ExportedHandler<Env>;
