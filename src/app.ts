/** The route table: which path of a website's hosts is served by whom. */

import type { Context } from "hono";
import { Hono } from "hono/tiny";
import type { Website } from "./core/website.ts";
import { serveGraphql } from "./edge/graphql.ts";
import { describeError } from "./edge/log.ts";
import { servePage } from "./edge/page.ts";
import { refuse } from "./edge/refusal.ts";
import { openVisit, type Services } from "./edge/visit.ts";
import { findEdgePath, serveWebSdk } from "./edge/web-sdk.ts";

/** One website's shop: its GraphQL endpoint, the Web SDK's endpoint, and everything else as a page. */
export function createShop(website: Website, services: Services): Hono {
  const shop = new Hono();
  const open = async (c: Context) => {
    const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    return { visit: await openVisit(c.req.raw, website, services, waitUntil), waitUntil };
  };

  for (const path of [website.graphqlPath, `${website.graphqlPath}/`]) {
    shop.all(path, async (c) => {
      const { visit, waitUntil } = await open(c);
      return serveGraphql(visit, services, waitUntil);
    });
  }
  shop.all("*", async (c) => {
    const { visit, waitUntil } = await open(c);
    const edgePath = findEdgePath(visit);
    return edgePath === null ? servePage(visit, services, waitUntil) : serveWebSdk(visit, edgePath, services);
  });

  // What is caught here failed before the origin was asked or after it answered: nothing is sent twice.
  shop.onError((error) => {
    services.log.warn("request-failed", { error: describeError(error) }, services.now());
    return refuse(500, "Something went wrong here.");
  });
  return shop;
}
