/** Where a website's shop is, as the browser that looks at the dashboard can reach it. */

import type { Website } from "../core/website.ts";
import { isLoopback } from "./session.ts";

/** On one's own machine the shop is at the dashboard's own port; elsewhere every shop is encrypted. */
export function shopOrigin(
  { hosts, storeViewHosts }: Pick<Website, "hosts" | "storeViewHosts">,
  storeView: string | null,
  dashboard: URL,
): string {
  const own = Object.entries(storeViewHosts).find(([, code]) => code === storeView)?.[0];
  if (!isLoopback(dashboard)) return `https://${own ?? hosts[0]}`;
  const local = hosts.find((host) => isLoopback(new URL(`http://${host}`)));
  const port = dashboard.port === "" ? "" : `:${dashboard.port}`;
  return `${dashboard.protocol}//${own ?? local ?? hosts[0]}${port}`;
}
