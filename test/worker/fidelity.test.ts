/** The fidelity suite against the built bundle: what a proxy must not change, each promise a test. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Contestant } from "../bench/contestant.ts";
import { openProxy } from "../fidelity/ask.ts";
import { startOurs } from "../fidelity/contestants.ts";
import { type FidelityOrigin, startFidelityOrigin } from "../fidelity/origin.ts";
import { probes } from "../fidelity/probes.ts";

let origin: FidelityOrigin;
let ours: Contestant;

beforeAll(async () => {
  origin = await startFidelityOrigin(0);
  ours = await startOurs(origin.url);
});
afterAll(async () => {
  await ours.stop();
  await origin.stop();
});

describe("the fidelity suite", () => {
  it.each(probes.map((probe) => [probe.promise, probe] as const))("%s", async (_, probe) => {
    expect(await probe.run(openProxy(ours.url, null), origin)).toBeNull();
  });

  it("asks for nothing that a proxy without any idea would do wrong: straight to the shop, all is kept", async () => {
    const direct = openProxy(origin.url, null);
    for (const probe of probes.filter(({ id }) => id !== "hanging")) {
      expect({ id: probe.id, verdict: await probe.run(direct, origin) }).toEqual({
        id: probe.id,
        verdict: null,
      });
    }
  });
});
