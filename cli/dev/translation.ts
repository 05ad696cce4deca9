/** Between the store's own address, which the Worker and Commerce see, and the one that the browser is at. */

import { type Spelling, spellings } from "./spelling.ts";

/** Text passes in pieces; a piece is translated where no address can be cut in two. */
export interface TextTranslator {
  push(text: string): string;
  end(): string;
}

export interface Translation {
  /** Every address of the store in it, as the browser reaches it. For texts that are there whole. */
  toBrowser(text: string): string;
  /** The browser's address of a page as the store knows it: `Origin` and `Referer`. */
  toStore(text: string): string;
  /** One `Set-Cookie` line that a browser on http://localhost keeps. */
  translateCookie(line: string): string;
  /** A Content-Security-Policy that lets the browser's address do what the store's may. */
  translatePolicy(policy: string): string;
  /** For a body; text whose every character stands for one byte. */
  open(kind: "html" | "text"): TextTranslator;
}

interface Rule {
  readonly pattern: RegExp;
  replace(found: string): string;
}

/** What may follow an address and decide about it, or stand around a cookie's domain. */
const MARGIN = 64;

/** `store` is Commerce's base URL, `browser` where the translator listens; both are origins without a path. */
export function openTranslation(store: URL, browser: URL): Translation {
  const addresses = spellings.map((spelling) => addressRule(store, browser, spelling));
  const html = [...addresses, cookieDomainRule(store)];
  const longest = Math.max(...spellings.map((spelling) => spelling(`https://${store.host}`).length));
  return {
    toBrowser: (text) => translate(text, addresses),
    toStore: (text) =>
      text === browser.origin || text.startsWith(`${browser.origin}/`)
        ? store.origin + text.slice(browser.origin.length)
        : text,
    translateCookie: (line) => translateCookie(line, store.hostname),
    translatePolicy: (policy) => translatePolicy(translate(policy, addresses), store, browser),
    open: (kind) => openTranslator(kind === "html" ? html : addresses, longest + MARGIN),
  };
}

/**
 * `https://shop.example`, `http://…`, `wss://…` and `//shop.example`, in one spelling. What follows must not
 * go on with the name or a port: shop.example.evil.test and shop.example:8443 are other hosts.
 */
function addressRule(store: URL, browser: URL, spelling: Spelling): Rule {
  const colon = escapeRegExp(spelling(":"));
  const schemes = ["https", "http", "wss", "ws"].join("|");
  const host = escapeRegExp(spelling(`//${store.host}`));
  const port = store.port === "" ? `(?:${colon}(?:80|443)(?!\\d))?` : "";
  const end = `(?![\\w-]|\\.\\w|${colon}\\d)`;
  // No word boundary in front: in `\u0027http` and `%3Dhttp` an escape's last letter stands there.
  const pattern = new RegExp(`(?:(${schemes})${colon}|(?<![\\w:/\\\\%;]))${host}${port}${end}`, "gi");
  const local = {
    http: spelling(browser.origin),
    ws: spelling(browser.origin.replace(/^http/, "ws")),
    none: spelling(`//${browser.host}`),
  };
  return {
    pattern,
    replace(found) {
      const scheme = /^(https?|wss?)(?![\w.])/i.exec(found)?.[1]?.toLowerCase();
      if (scheme === undefined) return local.none;
      return scheme.startsWith("ws") ? local.ws : local.http;
    },
  };
}

/** `mage/cookies` sets cookies by script, form_key among them, with the store's domain: here with none. */
function cookieDomainRule({ hostname }: URL): Rule {
  const name = escapeRegExp(hostname);
  return {
    pattern: new RegExp(`"domain"\\s{0,8}:\\s{0,8}"\\.?${name}"`, "gi"),
    replace: () => '"domain": ""',
  };
}

function translate(text: string, rules: readonly Rule[]): string {
  return rules.reduce((done, { pattern, replace }) => done.replace(pattern, (found) => replace(found)), text);
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

/** The last `heldBack` characters wait for more: an address may go on in the next piece. */
function openTranslator(rules: readonly Rule[], heldBack: number): TextTranslator {
  /** Not yet said; before it one character that was, because what stands in front matters. */
  let kept = "";
  let before = "";

  /** Translates what begins before `limit`, says it, and keeps the rest. */
  function say(text: string, limit: number): string {
    const seen = before + text;
    let said = "";
    let at = before.length;
    for (const { start, end, replacement } of findMatches(seen, rules)) {
      if (start < at) continue;
      if (start >= limit + before.length) break;
      said += seen.slice(at, start) + replacement;
      at = end;
    }
    const stop = Math.max(at, limit + before.length);
    said += seen.slice(at, stop);
    before = stop > 0 ? seen.slice(stop - 1, stop) : "";
    kept = seen.slice(stop);
    return said;
  }

  return {
    push(text) {
      const whole = kept + text;
      return say(whole, Math.max(0, whole.length - heldBack));
    },
    end: () => say(kept, kept.length),
  };
}

function findMatches(text: string, rules: readonly Rule[]): Match[] {
  const matches: Match[] = [];
  for (const { pattern, replace } of rules) {
    for (const found of text.matchAll(pattern)) {
      const start = found.index;
      matches.push({ start, end: start + found[0].length, replacement: replace(found[0]) });
    }
  }
  return matches.sort((a, b) => a.start - b.start || b.end - a.end);
}

/**
 * The store's domain is not the browser's, and "Secure" is no good on plain http, but for the prefixes that
 * demand it, which browsers accept on localhost. What needs "Secure" goes with it.
 */
function translateCookie(line: string, host: string): string {
  const [pair = "", ...attributes] = line.split(";");
  const prefixed = /^\s*__(Host|Secure)-/i.test(pair);
  const kept = attributes.filter((attribute) => {
    const [name = "", value = ""] = attribute.split("=").map((part) => part.trim().toLowerCase());
    if (name === "domain") return !belongsTo(host, value.replace(/^\./, ""));
    if (prefixed) return true;
    return name !== "secure" && name !== "partitioned" && !(name === "samesite" && value === "none");
  });
  return [pair, ...kept].join(";");
}

/** Sources may be bare hosts and wildcards; and nothing may be upgraded to an https that is not there. */
function translatePolicy(policy: string, store: URL, browser: URL): string {
  const directives = policy.split(";").map((directive) => {
    const [name = "", ...sources] = directive.trim().split(/\s+/);
    if (name.toLowerCase() === "upgrade-insecure-requests") return "";
    const named = sources.some((source) => {
      const host = source.toLowerCase();
      return host === store.host || (host.startsWith("*.") && store.hostname.endsWith(host.slice(1)));
    });
    return [name, ...sources, ...(named ? [browser.host] : [])].join(" ");
  });
  return directives.filter((directive) => directive !== "").join("; ");
}

function belongsTo(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
