/** Websites that share an organization and a sandbox of Adobe: they share its audiences, and one sync. */

import type { AdobeAccount, Website } from "./website.ts";

export interface Sandbox {
  readonly account: AdobeAccount;
  readonly websites: readonly Website[];
}

/** In the order of the settings; a website without an account is in none. */
export function groupBySandbox(websites: readonly Website[]): Sandbox[] {
  const sandboxes = new Map<string, { account: AdobeAccount; websites: Website[] }>();
  for (const website of websites) {
    const { adobe: account } = website;
    if (account === null) continue;
    const key = `${account.organizationId} ${account.sandbox}`;
    const sandbox = sandboxes.get(key) ?? { account, websites: [] };
    sandbox.websites.push(website);
    sandboxes.set(key, sandbox);
  }
  return [...sandboxes.values()];
}
