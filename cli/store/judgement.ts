/** Everything that was found out about a store, worst first. */

import { findAddress, findCloudflare, findHome } from "./address.ts";
import { findAdmin } from "./admin-path.ts";
import { type Finding, sortFindings } from "./finding.ts";
import { findGraphql, speaksGraphql } from "./graphql.ts";
import type { Look } from "./look.ts";
import { findMenu, findPageCache } from "./page-cache.ts";
import { findPolicy } from "./policy.ts";
import { findCookieNotice, findTheme, readTheme } from "./theme.ts";

export function judge(look: Look): readonly Finding[] {
  if (!isCommerce(look)) return [...findHome(look.home, look.base), notCommerce];
  const { origin, base, home, again, encrypted, pages, graphql, graphqlPath } = look;
  const headless = home.kind === "answer" && readTheme(home.body).kind === "headless";
  return sortFindings([
    ...findHome(home, base),
    findAddress({ origin, base, home, encrypted }),
    findCloudflare({ origin, home }),
    findPageCache({ homes: headless ? [] : [home, again], graphql: graphql.config }),
    ...(headless ? [] : [findMenu(pages)]),
    findTheme(home),
    findPolicy(pages),
    findCookieNotice(home),
    ...findGraphql(graphql, graphqlPath, pages),
    findAdmin({ usual: look.admin, named: look.namedAdmin }),
  ]);
}

const notCommerce: Finding = {
  topic: "Commerce",
  level: "problem",
  found: "Neither a page of Commerce nor its GraphQL was recognized here.",
  means: "The rest can't be told.",
  todo: "Is it the right address? Ask with --origin, --host and --graphql-path.",
};

/** One sign is enough: a theme, a header of its own, or an answer to its GraphQL. A refusal tells nothing. */
function isCommerce({ home, graphql }: Look): boolean {
  if (speaksGraphql(graphql) || home.kind === "silence" || home.status !== 200) return true;
  return (
    home.headers.some(([name]) => name.startsWith("x-magento-")) || readTheme(home.body).kind !== "unknown"
  );
}
