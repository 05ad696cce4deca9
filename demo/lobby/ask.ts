/** What the lobby is given: the demo's services, and a way to ask the shop as a browser would. */

import type { Env } from "../../src/settings.ts";
import type { WebSdk } from "../web-sdk.ts";

export interface DemoEnv extends Env {
  readonly STORE: Fetcher;
  readonly ADOBE: Fetcher;
  /** Without it, the shop has no datastream and believes the plain cookie. */
  readonly WEB_SDK?: WebSdk;
}

/** How the lobby reaches the shop: as a browser does, through whatever stands in front of it. */
export type Ask = (request: Request) => Promise<Response>;
