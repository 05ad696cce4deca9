/** The stage of the drill: the demo with faults in the drill's hand, and its shoppers. */

import { readFile } from "node:fs/promises";
import { bundle } from "../../demo/bundle.ts";
import type { DrillOrder } from "../../demo/drill-order.ts";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { SWITCH_KEY } from "../../src/edge/switch.ts";
import { ROOT } from "../command.ts";
import type { Row } from "./rows.ts";
import { type Got, visit } from "./shopper.ts";

const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";
const WAITS_MS = 1_500;

export interface Stage {
  /** The demo's campaigns, as a deployment can embed them. */
  readonly campaigns: Readonly<Record<string, unknown>>;
  /** Everything well again, and a warm isolate; the slowest of a few calm visits. */
  clear(): Promise<number>;
  play(row: Row): Promise<Got>;
  stop(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const edgeScript = await bundle(`${ROOT}demo/drill.ts`);
  const demo = await startDemo({ trust: "verified", edgeScript });
  const deployed = JSON.parse(await readFile(`${ROOT}src/campaigns.embedded.json`, "utf8"));
  const kv = await demo.miniflare.getKVNamespace("KV", "edge");
  const order = (one: DrillOrder) => obey(demo, one);
  let signed = "";
  return {
    campaigns: JSON.parse((await kv.get("campaigns", "text")) ?? "{}"),
    async clear() {
      await Promise.all([setAdobe(demo, "up"), kv.delete(SWITCH_KEY)]);
      const weather = { store: "clear", adobe: "clear" } as const;
      await order({ kv: "none", control: "up", vars: null, embedded: deployed, weather, cold: true });
      signed = await signVip(demo);
      const calm = [];
      for (let n = 0; n < 3; n += 1) calm.push((await visit(demo.url, "/", signed)).ms);
      return Math.max(...calm);
    },
    async play(row) {
      const cookies: Record<Row["who"], () => Promise<string>> = {
        signed: async () => signed,
        new: () => newVip(demo),
        forger: async () => `aep-segments-membership=${VIP}`,
      };
      const cookie = row.cookie ?? (await cookies[row.who]());
      if (row.adobe) await setAdobe(demo, row.adobe);
      if (row.switch) await kv.put(SWITCH_KEY, row.switch);
      await order(row.order);
      return visit(demo.url, "/", cookie, row.gets.kind === "waits" ? WAITS_MS : undefined);
    },
    stop: () => demo.stop(),
  };
}

async function obey({ miniflare }: RunningDemo, order: DrillOrder): Promise<void> {
  const edge = await miniflare.getWorker("edge");
  const body = JSON.stringify(order);
  const answer = await edge.fetch("http://drill.localhost/", { method: "POST", body });
  if (!answer.ok) throw new Error(`the drill's Worker answered ${answer.status}: ${await answer.text()}`);
  await answer.arrayBuffer();
}

async function setAdobe({ adobeUrl }: RunningDemo, mode: string): Promise<void> {
  await fetch(`${adobeUrl}/demo/faults`, { method: "POST", body: JSON.stringify({ mode }) });
}

/** A browser that Adobe knows as a VIP, and we do not. */
async function newVip({ adobeUrl }: RunningDemo): Promise<string> {
  const body = JSON.stringify({ audiences: [VIP] });
  const answer = await fetch(`${adobeUrl}/demo/profile`, { method: "POST", body });
  const { cookie } = (await answer.json()) as { cookie: { name: string; value: string } };
  return `${cookie.name}=${cookie.value}`;
}

/** The same after a page: Adobe was asked in time, and what it said is signed. */
async function signVip(demo: RunningDemo): Promise<string> {
  for (let n = 0; n < 5; n += 1) {
    const cookie = await newVip(demo);
    const { setCookies } = await visit(demo.url, "/", cookie);
    const signed = setCookies.find((line) => line.startsWith("__Host-edge-audiences-main="));
    if (signed !== undefined) return `${cookie}; ${signed.split(";", 1)[0]}`;
  }
  throw new Error("Adobe was asked about a new VIP five times and never answered within the budget.");
}
