/** What the lobby is given: the demo's services, and a way to ask the shop as a browser would. */

import type { Env } from "../../src/settings.ts";

export interface DemoEnv extends Env {
  readonly STORE: Fetcher;
  readonly ADOBE: Fetcher;
}

/** How the lobby reaches the shop: as a browser does, through whatever stands in front of it. */
export type Ask = (request: Request) => Promise<Response>;
