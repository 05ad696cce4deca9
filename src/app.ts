/** The route table: which path of a website's hosts is served by whom. */

import { Hono } from "hono/tiny";
import type { Website } from "./core/website.ts";
import { serveGraphql } from "./edge/graphql.ts";
import { describeError } from "./edge/log.ts";
import { servePage } from "./edge/page.ts";
import { refuse } from "./edge/refusal.ts";
import { openVisit, type Services } from "./edge/visit.ts";

/** One website's shop: its GraphQL endpoint, and everything else as a page. */
export function createShop(website: Website, services: Services): Hono {
  const shop = new Hono();
  const open = (request: Request, context: { waitUntil(work: Promise<unknown>): void }) =>
    openVisit(request, website, services, (work) => context.waitUntil(work));

  for (const path of [website.graphqlPath, `${website.graphqlPath}/`]) {
    shop.all(path, async (c) => serveGraphql(await open(c.req.raw, c.executionCtx), services));
  }
  shop.all("*", async (c) => servePage(await open(c.req.raw, c.executionCtx), services));

  // What is caught here failed before the origin was asked or after it answered: nothing is sent twice.
  shop.onError((error) => {
    services.log.warn("request-failed", { error: describeError(error) }, services.now());
    return refuse(500, "Something went wrong here.");
  });
  return shop;
}
