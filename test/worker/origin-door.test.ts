/** The origin's own door: an explicit origin is shown our secret, and nobody else's. */

import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, startEdge } from "./edge.ts";
import { type Origin, startOrigin } from "./origin.ts";

const secret = "what only Commerce's web server and we know";
let origin: Origin;
let edge: Edge;

beforeAll(async () => {
  origin = await startOrigin((_, response) => void response.end("ok"));
  edge = await startEdge({
    bindings: {
      WEBSITES: {
        main: { hosts: ["shop.test"], origin: origin.url },
        route: { hosts: [`127.0.0.1`] },
      },
      ORIGIN_SECRET: secret,
    },
  });
});
afterAll(async () => {
  await edge.stop();
  await origin.stop();
});

const seenSecrets = () =>
  origin.seen
    .at(-1)
    ?.headers.filter(([name]) => name === "edge-audiences-origin")
    .map(([, value]) => value);

it("the origin sees our secret on every request, and never a client's own", async () => {
  for (const headers of [[], [["edge-audiences-origin", "guessed"]]] as const) {
    expect((await edge.send("/", { headers })).status).toBe(200);
    expect(seenSecrets()).toEqual([secret]);
  }
});

it("a route's own origin is shown nothing: the request stays on the shop's zone", async () => {
  expect((await edge.send("/", { host: `127.0.0.1:${origin.port}` })).status).toBe(200);
  expect(seenSecrets()).toEqual([]);
});

it("the answer tells nothing of it", async () => {
  expect(JSON.stringify((await edge.send("/")).headers)).not.toContain(secret);
  expect(edge.logs.join("\n")).not.toContain(secret);
});
