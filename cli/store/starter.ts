/** Settings to start with, as a table for wrangler.toml: what was found, and a mode that changes nothing yet. */

import type { Website } from "../../src/core/website.ts";
import { hostPattern } from "../../src/settings/value.ts";
import { isPage } from "./answer.ts";
import { readStoreViews } from "./graphql.ts";
import type { Look } from "./look.ts";
import { readSaid } from "./probe.ts";
import { asksForCookies, readTheme } from "./theme.ts";

export type Starter = Pick<
  Website,
  "hosts" | "storefront" | "graphqlPath" | "mode" | "consent" | "storeViews"
>;

export function planStarter({ base, home, graphql, graphqlPath }: Look): Starter {
  const html = isPage(home) ? home.body : "";
  const theme = readTheme(html);
  const named = readStoreViews(readSaid(graphql.storeViews))
    .filter(({ inPath }) => inPath)
    .map(({ code }) => code);
  const landed = /^\/([a-z]\w*)\/$/i.exec(home.path)?.[1];
  return {
    hosts: [hostPattern.test(base.hostname) ? base.hostname : "shop.example"],
    storefront: theme.kind === "headless" ? "headless" : "luma",
    graphqlPath,
    mode: "watch",
    consent: asksForCookies(html) ? "required" : "honoured",
    storeViews: named.length > 0 || landed === undefined ? named : [landed],
  };
}

export function writeStarter(starter: Starter, { origin, base }: Pick<Look, "origin" | "base">): string {
  const apart = origin.origin !== base.origin;
  const lines = [
    `# What npm run store:check found at ${base.origin}`,
    "[vars.WEBSITES.main]",
    "# Every host that shoppers use; add those that the store did not tell of.",
    `hosts = ${JSON.stringify(starter.hosts)}`,
    "# Left out where the Worker is a route on the shop's own zone. Else Commerce's",
    "# address, which must be none of the hosts above:",
    `# origin = "${apart ? origin.origin : "https://commerce.example"}"`,
    `storefront = "${starter.storefront}"`,
    `graphqlPath = "${starter.graphqlPath}"`,
    "# Plans and logs, and forwards byte for byte.",
    `mode = "${starter.mode}"`,
    starter.consent === "required"
      ? "# Commerce's cookie-restriction mode is on: nothing without a yes."
      : "# Commerce's cookie-restriction mode was not seen; with it: required.",
    `consent = "${starter.consent}"`,
    "# Store view codes that stand first in paths.",
    `storeViews = ${JSON.stringify(starter.storeViews)}`,
  ];
  return `${lines.join("\n")}\n`;
}
