/** Optimizely's Edge Delivery as a Worker, snippetless: the benchmark's banner as a change of an experiment. */

import { applyExperiments } from "@optimizely/edge-delivery";
import { VARIANT, VIP } from "../page.ts";

/** PreUA and SetInnerHtml, in the words of its operations. */
const change = {
  id: "change",
  type: "attribute",
  selector: "#hero",
  dependencies: [],
  transform: [[1, "#hero", 6, VARIANT]],
};
const variation = { id: "vip", name: "vip", actions: [{ viewId: "everywhere", changes: [change] }] };
const experiment = {
  id: "experiment",
  name: "hero",
  audienceIds: ["vip"],
  weightDistributions: [{ entityId: "vip", endOfRange: 10_000 }],
  variations: [variation],
};
const data = {
  config: {
    accountId: "1",
    namespace: "1",
    projectId: "1",
    revision: "1",
    layers: [
      {
        id: "layer",
        policy: "single_experiment",
        holdback: 0,
        viewIds: ["everywhere"],
        experiments: [experiment],
      },
    ],
    groups: [],
    audiences: [
      {
        id: "vip",
        name: "vip",
        conditions: [
          "and",
          [
            "or",
            ["or", { type: "cookies", name: "aep-segments-membership", value: VIP, match: "substring" }],
          ],
        ],
      },
    ],
    views: [{ id: "everywhere", apiName: "everywhere", activationType: "immediate", staticConditions: [] }],
  },
  queue: {
    unevaluatedViews: ["everywhere"],
    unevaluatedAudiences: [],
    undecidedExperiences: ["layer"],
    unappliedChangesets: [],
  },
  results: {
    activeViews: [],
    inactiveViews: [],
    activeAudiences: [],
    inactiveAudiences: [],
    activeExperiences: [],
    inactiveExperiences: [],
    appliedChangesets: [],
    decisions: [],
  },
};

type Context = Parameters<typeof applyExperiments>[1];

// What it tells its maker of each visitor is answered here: nothing of the benchmark leaves the machine.
const leave = globalThis.fetch.bind(globalThis);
globalThis.fetch = ((input: RequestInfo, init?: RequestInit) =>
  typeof input === "string" && /^https:\/\/[a-z.]*optimizely\.com\//.test(input)
    ? Promise.resolve(new Response(null, { status: 204 }))
    : leave(input, init)) as typeof fetch;

export default {
  fetch(request: Request, env: { readonly ORIGIN: string }, context: Context): Promise<Response> {
    const url = new URL(request.url);
    return applyExperiments(new Request(env.ORIGIN + url.pathname + url.search, request), context, {
      environment: "prod",
      isSnippetless: true,
      // Each request gets a copy, as from its own cache: it writes into what it is given.
      DATA: structuredClone(data),
    } as never) as Promise<Response>;
  },
};
