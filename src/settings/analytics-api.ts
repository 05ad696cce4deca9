/** Where the dashboard asks for what was counted: the account, its token, the dataset; all of it, or none. */

import type { Problem } from "../core/problem.ts";
import type { AnalyticsApi } from "../edge/analytics-api.ts";

interface Written {
  readonly ANALYTICS_ACCOUNT_ID?: string | undefined;
  readonly ANALYTICS_TOKEN?: string | undefined;
  readonly ANALYTICS_DATASET?: string | undefined;
  readonly ANALYTICS_URL?: string | undefined;
}

const CLOUDFLARE = "https://api.cloudflare.com";

/** null: neither is written; half of it is a mistake, because the page would stay empty without a word. */
export function readAnalyticsApi(written: Written, problems: Problem[]): AnalyticsApi | null {
  const accountId = written.ANALYTICS_ACCOUNT_ID?.trim() ?? "";
  const token = written.ANALYTICS_TOKEN ?? "";
  const dataset = written.ANALYTICS_DATASET?.trim() || "edge_audiences";
  const url = written.ANALYTICS_URL?.trim() || CLOUDFLARE;
  const before = problems.length;
  const report = (path: string, message: string) => problems.push({ path, message });
  if (accountId !== "" && !/^[0-9a-f]{32}$/.test(accountId)) {
    report(
      "ANALYTICS_ACCOUNT_ID",
      "expected the account's id: 32 hex digits, as Cloudflare's dashboard shows it",
    );
  }
  // It stands in SQL.
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(dataset)) {
    report("ANALYTICS_DATASET", "expected the dataset's name: letters, digits and _");
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    report("ANALYTICS_URL", "expected an address like https://api.cloudflare.com");
  }
  if (accountId === "" && token !== "") {
    report(
      "ANALYTICS_ACCOUNT_ID",
      "missing: ANALYTICS_TOKEN is a token for an account, whose id belongs here",
    );
  }
  // The account's id is no secret and may stand in wrangler.toml before the token is made.
  if (problems.length > before || accountId === "" || token === "") return null;
  return { accountId, token, dataset, url: new URL(url).origin };
}
