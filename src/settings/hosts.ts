/** Whose host it is: what several websites, the dashboard and a cookie's domain may not claim at once. */

import { formatPath, type Problem } from "../core/problem.ts";
import type { Website } from "../core/website.ts";

type Written = Readonly<Record<string, unknown>>;

interface Claim {
  readonly code: string;
  readonly written: Written;
}

/** Over what is written, right or wrong otherwise: all mistakes in one round. */
export function checkHosts(websites: unknown, adminHost: string | null, problems: Problem[]): void {
  const claims = new Map<unknown, Claim[]>();
  for (const [code, entry] of Object.entries(websites ?? {})) {
    const written = (entry ?? {}) as Written;
    const { hosts } = written;
    if (!Array.isArray(hosts)) continue;
    hosts.forEach((name: unknown, index) => {
      const path = formatPath(["WEBSITES", code, "hosts", index]);
      const before = claims.get(name) ?? [];
      const message = whyTaken(name, { code, written }, before);
      if (message !== null) problems.push({ path, message });
      if (name === adminHost && adminHost !== null) {
        problems.push({
          path,
          message: `${name} is ADMIN_HOST: the dashboard needs a host that is no shop's`,
        });
      }
      claims.set(name, [...before, { code, written }]);
    });
    checkCookieDomains(code, written, hosts, problems);
  }
  for (const [name, sharing] of claims) checkRest(name, sharing, problems);
}

function whyTaken(name: unknown, { code, written }: Claim, before: readonly Claim[]): string | null {
  const rival = before.find((one) => prefixOf(one.written) === prefixOf(written));
  if (rival?.code === code) return `${name} is named twice`;
  if (rival !== undefined) {
    const prefix = prefixOf(written);
    const taken = `${name} is a host of website "${rival.code}" already`;
    return prefix === null
      ? `${taken}: give one of them a pathPrefix, like "/fr"`
      : `${taken}, also below ${prefix}: each website of a host needs a pathPrefix of its own`;
  }
  for (const one of before) {
    const message = whyIndistinct(name, one, written);
    if (message !== null) return message;
  }
  return null;
}

/** GraphQL's `Store` header and the Web SDK's calls know no path: there something else has to tell them apart. */
function whyIndistinct(name: unknown, { code, written: other }: Claim, written: Written): string | null {
  const view = listOf(written["storeViews"]).find((one) => listOf(other["storeViews"]).includes(one));
  if (view !== undefined) {
    return `${name} is shared with website "${code}", which has the store view "${view}" too: a view is of one website`;
  }
  const { datastreamId } = written;
  const sameCalls = (written["edgeBasePath"] ?? "ee") === (other["edgeBasePath"] ?? "ee");
  if (datastreamId && datastreamId === other["datastreamId"] && sameCalls) {
    return (
      `${name} is shared with website "${code}", which has the same datastream: ` +
      "give one of them a datastream of its own, or an edgeBasePath"
    );
  }
  return null;
}

/** `/graphql`, `/checkout` and all that no prefix covers must be somebody's, or a claim would pass there. */
function checkRest(name: unknown, sharing: readonly Claim[], problems: Problem[]): void {
  const [first] = sharing;
  if (first === undefined || sharing.some(({ written }) => prefixOf(written) === null)) return;
  problems.push({
    path: formatPath(["WEBSITES", first.code, "pathPrefix"]),
    message: `no website has the rest of ${name}: leave pathPrefix out of the one that gets all other paths`,
  });
}

function checkCookieDomains(
  code: string,
  written: Written,
  hosts: readonly unknown[],
  problems: Problem[],
): void {
  for (const key of ["cookieDomain", "adobeCookieDomain"] as const) {
    const domain = written[key];
    if (typeof domain !== "string") continue;
    const outside = hosts.filter((name) => name !== domain && !`${name}`.endsWith(`.${domain}`));
    if (outside.length === 0) continue;
    problems.push({
      path: formatPath(["WEBSITES", code, key]),
      message: `${outside.join(", ")} is not below ${domain}: its browsers would refuse the cookie; make it a website of its own`,
    });
  }
}

function prefixOf({ pathPrefix }: Written): unknown {
  return pathPrefix ?? null;
}

function listOf(written: unknown): readonly unknown[] {
  return Array.isArray(written) ? written : [];
}

/** One Commerce behind a website that believes anybody: its host and a `Store` header lead to the other one's prices. */
export function warnOfClaims(websites: readonly Website[]): string[] {
  const strict = websites.filter(({ trust }) => trust === "verified");
  return websites.flatMap(({ code, trust, hosts, origin }) => {
    if (trust === "verified") return [];
    const behind = strict.find(
      (one) => (origin !== null && one.origin === origin) || one.hosts.some((name) => hosts.includes(name)),
    );
    return behind === undefined
      ? []
      : [
          `website ${code} believes claims, and shares Commerce with ${behind.code}, which does not: ` +
            `a forger sends ${behind.code}'s store view there`,
        ];
  });
}
