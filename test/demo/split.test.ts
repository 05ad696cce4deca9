/** The demo's split: two texts and a holdout for its VIPs, and one banner whose texts are each store view's own. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { send } from "../worker/edge.ts";
import { ecidNumber, identityValue } from "../worker/edge-network.ts";
import { VIP } from "./client.ts";

let demo: RunningDemo;
beforeAll(async () => {
  demo = await startDemo({ website: { budgetMs: 5000 } });
});
afterAll(() => demo?.stop());

/** As a VIP whom Adobe has given that identity. */
async function see(path: string, visitor: number): Promise<string> {
  const cookie = `aep-segments-membership=${VIP}; kndctr_DEMO_AdobeOrg_identity=${identityValue(ecidNumber(visitor))}`;
  const headers = [["cookie", cookie]] as const;
  const port = Number(new URL(demo.url).port);
  return (await send(port, path, { host: "shop.demo.localhost", headers })).text();
}

function armOf(page: string): "promise" | "invitation" | "holdout" {
  if (page.includes("We mend it by Friday") || page.includes("réparons avant vendredi")) return "promise";
  return page.includes("the kettle is on") || page.includes("le thé est prêt") ? "invitation" : "holdout";
}

it("VIPs are dealt two texts and a holdout on Men, and each sees the same in both languages", async () => {
  const seen = new Map<string, number>();
  for (let visitor = 1; visitor <= 60; visitor += 1) {
    const arm = armOf(await see("/men.html", visitor));
    seen.set(arm, (seen.get(arm) ?? 0) + 1);
    if (visitor <= 5) expect(armOf(await see("/fr/men.html", visitor))).toBe(arm);
  }
  expect([...seen.keys()].sort()).toEqual(["holdout", "invitation", "promise"]);
  expect(seen.get("holdout")).toBeLessThan(20);
});

it("one hero speaks each store view's language", async () => {
  expect(await see("/", 1)).toContain("The light is on, and 20% is off");
  expect(await see("/fr/", 1)).toContain("La lumière est allumée");
});
