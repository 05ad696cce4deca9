/** Under which address the store answers, where it sends others, and whether there is a way around Cloudflare. */

import { isIPv4 } from "node:net";
import { type Asked, headerOf, redirectOf } from "./answer.ts";
import type { Finding } from "./finding.ts";

export interface Addresses {
  /** Where the connections went. */
  readonly origin: URL;
  /** What the store calls itself, as far as its redirects tell. */
  readonly base: URL;
  /** `/`, asked as `base`. */
  readonly home: Asked;
  /** `/`, asked as a shopper's browser would through a TLS edge; null: `base` is https already. */
  readonly encrypted: Asked | null;
}

export function findAddress({ origin, base, home, encrypted }: Addresses): Finding {
  const topic = "Base URL";
  const onward = home.kind === "answer" ? redirectOf(home, base) : null;
  if (onward !== null && onward.origin === base.origin && onward.pathname === "/") {
    const https = base.protocol === "https:" && origin.protocol === "http:";
    return {
      topic,
      level: "problem",
      found: `${base.origin}/ redirects to itself.`,
      means: https
        ? "Asked over http, the store does not believe X-Forwarded-Proto: shoppers would go in circles."
        : "Shoppers go in circles.",
      todo: https
        ? `Reach it by https: --origin https://${origin.hostname}; or teach its web server X-Forwarded-Proto.`
        : "Set the base URL to the address that shoppers use.",
    };
  }
  if (onward !== null && onward.origin !== base.origin) {
    return {
      topic,
      level: "problem",
      found: `${base.origin} sends everybody on to ${onward.origin}.`,
      means: "Through the Worker too, shoppers would leave it at once.",
      todo: `Ask that address: --origin ${onward.origin}; or set the base URL to the shop's host.`,
    };
  }
  const back = encrypted?.kind === "answer" ? redirectOf(encrypted, base) : null;
  if (back?.protocol === "http:") {
    return {
      topic,
      level: "problem",
      found: `The base URL is ${base.origin}: https is redirected to http.`,
      means: "A shopper who comes by https goes in circles between Cloudflare and Commerce.",
      todo: `Set web/unsecure/base_url and web/secure/base_url to https://${base.host}/.`,
    };
  }
  if (base.origin !== origin.origin) {
    return {
      topic,
      level: "advice",
      found: `The store at ${origin.origin} calls itself ${base.origin}.`,
      means: "Its links and redirects lead there, so that is the host to name in the settings.",
      todo: `Keep hosts = ["${base.hostname}"], and the Worker as a route of that host.`,
    };
  }
  const means = "Its redirects and links stay with the host that the Worker answers on.";
  return { topic, level: "fine", found: `The store answers as ${base.origin}.`, means, todo: null };
}

export function findCloudflare({ origin, home }: Pick<Addresses, "origin" | "home">): Finding {
  const topic = "Cloudflare";
  const ray = home.kind === "answer" ? headerOf(home, "cf-ray") : null;
  if (ray !== null) {
    return {
      topic,
      level: "unseen",
      found: "This address answers through Cloudflare.",
      means: "Whether Commerce also answers around it, where a membership can be forged, does not show.",
      todo: "Ask its own address: --origin https://ADDRESS --host SHOP; it should not answer.",
    };
  }
  if (isPrivate(origin.hostname)) {
    const found = `${origin.hostname} is an address of this network.`;
    const means = "Whether Commerce can be reached around Cloudflare is to be asked from outside.";
    return { topic, level: "unseen", found, means, todo: "Ask the public addresses too." };
  }
  return {
    topic,
    level: "problem",
    found: "Commerce answers here without Cloudflare (no CF-Ray).",
    means: "Who knows this address goes around the Worker and writes their own membership.",
    todo: "Close it: a tunnel, Authenticated Origin Pulls or an allow-list of Cloudflare's addresses.",
  };
}

/** Loopback, RFC 1918 and link-local, and names that no public DNS has. */
export function isPrivate(hostname: string): boolean {
  const name = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (/(^|\.)(localhost|local|internal|test|lan)$/.test(name) || !/[.:]/.test(name)) return true;
  if (isIPv4(name)) return /^(10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(name);
  return name.includes(":") && /^(::1$|f[cd]|fe80)/.test(name);
}

/** What the home page's answer says of the store's health. */
export function findHome(home: Asked, base: URL): readonly Finding[] {
  const topic = "Home page";
  if (home.kind === "silence") {
    const means = "What shows only in a page could not be looked at.";
    return [
      { topic, level: "problem", found: `It does not come: ${home.reason}.`, means, todo: "Ask again." },
    ];
  }
  if (home.status === 200 || redirectOf(home, base) !== null) return [];
  const challenged = headerOf(home, "cf-mitigated") !== null;
  return [
    {
      topic,
      level: "problem",
      found: `It answers ${home.status}${challenged ? ", a challenge of Cloudflare's" : ""}.`,
      means: "What shows only in a page could not be looked at.",
      todo: challenged
        ? "Ask from an address that the firewall lets through, or ask the origin."
        : "See first that the store is well; a firewall may also refuse what is no browser.",
    },
  ];
}
