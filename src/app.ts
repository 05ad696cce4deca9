/** The route table: which path of a website's hosts is served by whom. */

import type { Context } from "hono";
import { HonoBase } from "hono/hono-base";
import type { BlankEnv, BlankSchema } from "hono/types";
import { parseEdgePath } from "./core/edge-network.ts";
import { mayBeGraphql, readablePath } from "./core/path.ts";
import { graphqlPaths } from "./core/virtual-host.ts";
import type { Website } from "./core/website.ts";
import { type Arrival, openArrival } from "./edge/arrival.ts";
import { bannersPath, serveBanners } from "./edge/banner-endpoint.ts";
import { bannerModulePath, serveBannerModule } from "./edge/banner-module.ts";
import { serveCrossOrigin } from "./edge/cors.ts";
import { ExactRouter } from "./edge/exact-router.ts";
import { isFramed, serveFrame } from "./edge/frame.ts";
import { serveGraphql } from "./edge/graphql.ts";
import { describeError } from "./edge/log.ts";
import { isBackend } from "./edge/membership.ts";
import { membershipPath, serveMembership } from "./edge/membership-endpoint.ts";
import { servePage } from "./edge/page.ts";
import { isPassage, servePassage } from "./edge/passage.ts";
import { previewPath, servePreview, servePreviewStylesheet } from "./edge/preview-endpoint.ts";
import { refuse } from "./edge/refusal.ts";
import type { WaitUntil } from "./edge/replica.ts";
import type { Services } from "./edge/services.ts";
import { urlOf } from "./edge/url.ts";
import { knowShopper, openVisit } from "./edge/visit.ts";
import { findEdgePath, serveWebSdk } from "./edge/web-sdk.ts";

export type Shop = Pick<HonoBase<BlankEnv, BlankSchema, "/">, "fetch">;

/** One website's shop: GraphQL, the Web SDK's endpoint, a backend's and a browser's question, and everything else as a page. */
export function createShop(website: Website, services: Services): Shop {
  // `/x/../graphql` and `/%67raphql` are GraphQL to Commerce, too.
  const getPath = (request: Request) => readablePath(urlOf(request).pathname);
  const shop = new HonoBase<BlankEnv, BlankSchema, "/">({ router: new ExactRouter(), getPath });
  const sharing = services.websites.filter(({ hosts }) => hosts.some((host) => website.hosts.includes(host)));
  const isListed = sharing.some(({ corsOrigins }) => corsOrigins.length > 0);
  const crossOrigin = (c: Context, answer: () => Promise<Response>) =>
    isListed ? serveCrossOrigin(c.req.raw, { website, sharing }, services, answer) : answer();
  const serveRest = (c: Context) => {
    const waitUntil = waitUntilOf(c);
    const arrival = openArrival(c.req.raw, website, services, waitUntil);
    if (arrival instanceof Promise) return arrival.then((one) => serveArrived(one, waitUntil));
    return serveArrived(arrival, waitUntil);
  };
  const serveArrived = (arrival: Arrival, waitUntil: WaitUntil) =>
    isPassage(arrival) ? servePassage(arrival, services) : serveKnown(arrival, waitUntil);
  const serveKnown = async (arrival: Arrival, waitUntil: WaitUntil) => {
    const visit = await knowShopper(arrival, services);
    // Commerce answers GraphQL at more addresses than its own; what is guarded is guarded at each.
    if ((visit.offers?.exclusive.size ?? 0) > 0 && mayBeGraphql(visit.request.method, visit.path)) {
      return serveGraphql(visit, services, waitUntil);
    }
    const edgePath = findEdgePath(visit);
    return edgePath === null ? servePage(visit, services, waitUntil) : serveWebSdk(visit, edgePath, services);
  };

  for (const path of graphqlPaths(sharing)) {
    shop.all(path, (c) =>
      crossOrigin(c, async () => {
        const waitUntil = waitUntilOf(c);
        return serveGraphql(await openVisit(c.req.raw, website, services, waitUntil), services, waitUntil);
      }),
    );
  }
  shop.all(membershipPath(website), (c) =>
    crossOrigin(c, async () => {
      const proven = await isBackend(c.req.raw, services.backendSecrets);
      return proven ? serveMembership(c.req.raw, website, services, waitUntilOf(c)) : serveRest(c);
    }),
  );
  shop.all(bannersPath(website), (c) =>
    crossOrigin(c, () => serveBanners(c.req.raw, website, services, waitUntilOf(c))),
  );
  shop.all(bannerModulePath(website), (c) => serveBannerModule(c.req.raw));
  shop.all(previewPath(website), (c) => servePreview(c.req.raw, website, services, waitUntilOf(c)));
  shop.all(`${previewPath(website)}.css`, (c) => servePreviewStylesheet(c.req.raw));
  shop.all("*", (c) => {
    if (isFramed(c.req.url)) return serveFrame(c.req.raw, website, services, waitUntilOf(c));
    const webSdk = website.datastreamId !== null && parseEdgePath(c.req.path, website.edgeBasePath) !== null;
    return webSdk ? crossOrigin(c, () => serveRest(c)) : serveRest(c);
  });

  // What is caught here failed before the origin was asked or after it answered: nothing is sent twice.
  shop.onError((error) => {
    services.log.warn("request-failed", { error: describeError(error) }, services.now());
    return refuse(500, "Something went wrong here.");
  });
  return shop;
}

function waitUntilOf(c: Context) {
  return (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
}
