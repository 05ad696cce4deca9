/** GrowthBook's Edge App as a Worker: the benchmark's banner as a visual experiment, its payload in memory. */

import { type Env, handleRequest } from "@growthbook/edge-cloudflare";
import { VARIANT, VIP } from "../page.ts";

/** As GrowthBook's API answers for a client key; everybody for whom the condition holds sees the variation. */
const payload = {
  features: {},
  experiments: [
    {
      key: "hero",
      seed: "hero",
      hashAttribute: "id",
      status: "running",
      coverage: 1,
      weights: [0, 1],
      manual: false,
      changeId: "hero",
      condition: { audiences: { $elemMatch: { $eq: VIP } } },
      urlPatterns: [{ type: "simple", include: true, pattern: "/*" }],
      variations: [
        { domMutations: [] },
        { domMutations: [{ selector: "#hero", action: "set", attribute: "html", value: VARIANT }] },
      ],
      meta: [{ key: "0" }, { key: "1" }],
      phase: "0",
    },
  ],
};

const audiencesOf = (request: Request) =>
  (/aep-segments-membership=([^;]*)/.exec(request.headers.get("cookie") ?? "")?.[1] ?? "").split("%2C");

export default {
  fetch(request: Request, env: { readonly ORIGIN: string }): Promise<Response> {
    const settings: Env = { PROXY_TARGET: env.ORIGIN, RUN_VISUAL_EDITOR_EXPERIMENTS: "edge" };
    return handleRequest(request, settings, {
      payload: payload as never,
      // Its own way for what the visitor is known by; the automatic ones are added to it.
      attributes: { id: "a", audiences: audiencesOf(request) },
      // The smaller of its two modes: no SDK in the page.
      disableInjections: true,
    });
  },
};
