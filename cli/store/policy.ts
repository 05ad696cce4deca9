/** The Content-Security-Policy that browsers enforce: where, and what of a banner it would stop. */

import { type Answer, type Asked, isPage } from "./answer.ts";
import type { Finding } from "./finding.ts";

export interface Policy {
  readonly path: string;
  /** A nonce or a hash: only what Commerce itself wrote may run. */
  readonly strict: boolean;
  /** Whether `style="…"` and `<style>` of a banner are ignored. */
  readonly stopsStyles: boolean;
  /** Sources of pictures; null: all. */
  readonly pictures: readonly string[] | null;
}

/** Null: nothing is enforced that could concern a banner. Report-only changes nothing for a shopper. */
export function readPolicy(page: Answer): Policy | null {
  const meta = /<meta\shttp-equiv="Content-Security-Policy"\s[^>]{0,200}?content="([^"]{0,8000})"/i.exec(
    page.body,
  );
  const lines = page.headers.filter(([name]) => name === "content-security-policy").map(([, value]) => value);
  // Each policy is enforced beside the others (CSP Level 3 §4.1), a comma separates two in one line.
  const policies = [
    ...lines.flatMap((line) => line.split(",")),
    ...(meta?.[1] === undefined ? [] : [meta[1]]),
  ]
    .map(readDirectives)
    .filter((directives) =>
      ["default-src", "script-src", "style-src", "img-src"].some((one) => directives.has(one)),
    );
  if (policies.length === 0) return null;
  const sources = (kind: string) =>
    policies.flatMap((directives) => {
      const list = directives.get(kind) ?? directives.get("default-src");
      return list === undefined ? [] : [list];
    });
  const styles = sources("style-src");
  return {
    path: page.path,
    strict: sources("script-src").some((list) => list.some((one) => /^'(nonce|sha\d+)-/.test(one))),
    stopsStyles: styles.some((list) => !allowsInline(list)),
    pictures: sources("img-src")[0] ?? null,
  };
}

/** A nonce or hash beside it makes 'unsafe-inline' count for nothing (CSP Level 3 §6.7.3.2). */
function allowsInline(list: readonly string[]): boolean {
  return list.includes("'unsafe-inline'") && !list.some((one) => /^'(nonce|sha\d+)-/.test(one));
}

function readDirectives(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>();
  for (const written of policy.split(";")) {
    const [name = "", ...values] = written.trim().split(/\s+/);
    // The first of a name counts (CSP Level 3 §2.2.1).
    if (name !== "" && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values);
  }
  return directives;
}

/** Checkout and account are never edited by us, whatever their policy is. */
export const neverEdited = /^\/(checkout|customer)\//;

export function findPolicy(pages: readonly Asked[]): Finding {
  const topic = "CSP";
  const given = pages.filter(isPage);
  const enforced = given.map(readPolicy).filter((policy) => policy !== null);
  const edited = enforced.filter(({ path }) => !neverEdited.test(path));
  if (given.length === 0) {
    const means = "Whether browsers would stop a part of a banner can't be told.";
    return { topic, level: "unseen", found: "No page to look at.", means, todo: null };
  }
  if (enforced.length === 0) {
    const found = `None is enforced on ${listPaths(given)}.`;
    return {
      topic,
      level: "fine",
      found,
      means: "Nothing of a banner is stopped by the browser.",
      todo: null,
    };
  }
  if (edited.length === 0) {
    const found = `Enforced on ${listPaths(enforced)} alone${describeStrictness(enforced)}.`;
    return { topic, level: "fine", found, means: "We never edit these pages.", todo: null };
  }
  const styles = edited.some(({ stopsStyles }) => stopsStyles);
  const pictures = edited.find((policy) => policy.pictures !== null)?.pictures ?? null;
  const advice = [
    ...(pictures === null ? [] : [`take pictures from what img-src allows: ${shorten(pictures)}`]),
    ...(styles ? ['use the theme\'s classes; style="…" is ignored'] : []),
  ];
  return {
    topic,
    level: "advice",
    found: `Enforced on ${listPaths(enforced)}${describeStrictness(enforced)}.`,
    means: "Browsers stop what the policy does not allow, in banners too; we add no script.",
    todo:
      advice.length === 0
        ? "Look at a new banner in a browser before it goes live."
        : `In banners, ${advice.join("; ")}.`,
  };
}

function describeStrictness(policies: readonly Policy[]): string {
  return policies.some(({ strict }) => strict) ? ", with nonces or hashes for scripts" : "";
}

function listPaths(pages: readonly { readonly path: string }[]): string {
  return [...new Set(pages.map(({ path }) => path))].join(", ");
}

const MOST = 4;

function shorten(sources: readonly string[]): string {
  if (sources.length === 0) return "'none'";
  const more = sources.length - MOST;
  return sources.slice(0, MOST).join(" ") + (more > 0 ? ` and ${more} more` : "");
}
