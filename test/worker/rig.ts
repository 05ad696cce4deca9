/** The built bundle with its clock and its KV in the test's hand: what can't be provoked from outside. */

import { type Edge, logEachRequest } from "./edge.ts";

/**
 * `unbound`: no KV at all. `slow`: it answers after the budget of a request. `hangs`: not at all. `lags`: what it held
 * when that began. `lies`: another key's value.
 */
export type KvTrouble =
  | "none"
  | "unbound"
  | "throws"
  | "slow"
  | "hangs"
  | "rubbish"
  | "empty"
  | "lags"
  | "lies";

/** An entry around the bundle that listens to `rig.test`; all other hosts are the Worker's. */
export const RIG = `
import worker from "./worker.js";

const realNow = Date.now.bind(Date);
let aheadMs = 0;
Date.now = () => realNow() + aheadMs;

let trouble = "none";
let vars = {};
let reads = 0;
let held = null;
let control = "up";
let lagging = new Map();

function wrapKv(kv) {
  return {
    async get(...question) {
      reads += 1;
      if (trouble === "throws") throw new Error("KV GET failed: 503 Service Unavailable");
      if (trouble === "slow") await scheduler.wait(1000);
      if (trouble === "rubbish") return "<html>rubbish</html>";
      if (trouble === "hangs") await scheduler.wait(60_000);
      if (trouble === "empty") return null;
      if (trouble === "lies") return kv.get(question[0] === "campaigns" ? "switch" : "campaigns", "text");
      if (trouble === "lags") {
        const [key] = question;
        if (!lagging.has(key)) lagging.set(key, await kv.get(...question));
        return lagging.get(key);
      }
      return kv.get(...question);
    },
    put: (...question) => kv.put(...question),
  };
}

const hold = (env) => {
  held ??= {
    ...env,
    ...vars,
    KV: trouble === "unbound" ? undefined : wrapKv(env.KV),
    CONTROL: { getByName: (name) => stub(env, name) },
  };
  return held;
};

/** As of a Durable Object that was reset, or whose machine is gone. */
function stub(env, name) {
  if (control === "up") return env.CONTROL.getByName(name);
  return new Proxy({}, { get: () => () => Promise.reject(new Error("Durable Object reset: internal error")) });
}

async function obey(order) {
  if ("trouble" in order) [trouble, lagging] = [order.trouble, new Map()];
  if ("control" in order) control = order.control;
  if ("aheadMs" in order) aheadMs += order.aheadMs;
  if ("vars" in order) vars = order.vars;
  // The bindings are one object an isolate: another object is a cold isolate.
  if (order.cold) held = null;
  return Response.json({ reads });
}

export default {
  async fetch(request, env, context) {
    if (new URL(request.url).hostname === "rig.test") return obey(await request.json());
    return worker.fetch(request, hold(env), context);
  },
  scheduled: (controller, env, context) => worker.scheduled(controller, hold(env), context),
};
`;

export interface RigOrder {
  readonly trouble?: KvTrouble;
  /** The Durable Object of the control plane. */
  readonly control?: "up" | "down";
  /** Adds to the clock. */
  readonly aheadMs?: number;
  /** In place of the settings that the edge was started with. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** As an isolate that has not served a request yet. */
  readonly cold?: boolean;
}

/** Tells the rig; answers how often KV was read until now. */
export async function rig(edge: Edge, order: RigOrder): Promise<number> {
  const body = JSON.stringify(order.vars ? { ...order, vars: logEachRequest(order.vars) } : order);
  const headers = [["content-length", String(Buffer.byteLength(body))]] as const;
  const answer = await edge.send("/", { host: "rig.test", method: "POST", headers, body });
  if (answer.status !== 200) throw new Error(`the rig answered ${answer.status}`);
  return JSON.parse(answer.text()).reads;
}
