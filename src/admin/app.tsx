/** The dashboard's routes. */

import { Hono } from "hono/tiny";
import type { Website } from "../core/website.ts";
import type { SyncReport } from "../edge/sync.ts";

export interface AdminOptions {
  readonly websites: readonly Website[];
  /** null: the lock has no key, and the dashboard stays closed. */
  readonly token: string | null;
  readonly kv: KVNamespace | undefined;
  readonly sync: () => Promise<SyncReport[]>;
  readonly now: () => number;
}

export function createAdmin(_options: AdminOptions): Hono {
  const admin = new Hono();
  admin.all("*", (c) => c.text("Closed.", 503));
  return admin;
}
