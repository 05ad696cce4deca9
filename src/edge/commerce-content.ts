/** A website's content of Commerce, remembered: the isolate's memory, then the data centre's cache, then Commerce. */

import {
  type Content,
  type ContentProblem,
  type ContentQuestion,
  isContent,
  readContent,
} from "../core/commerce-content.ts";
import { isRecord } from "../core/record.ts";
import { fail } from "../core/result.ts";
import type { Shell } from "../core/rotator.ts";
import type { Website } from "../core/website.ts";
import { openBreaker } from "./breaker.ts";
import { openContentMemory } from "./content-memory.ts";
import { askContent, type ContentView, PATIENCE_MS } from "./content-question.ts";
import { describeError, type Log } from "./log.ts";
import type { WaitUntil } from "./replica.ts";
import type { Signer } from "./signing.ts";

/** Who asks, and in which store view. */
export interface Asker extends ContentView {
  readonly waitUntil: WaitUntil;
}

export interface CommerceContent {
  /** At once where it is remembered; the promise may take as long as Commerce does, and never rejects. */
  find(asker: Asker, question: ContentQuestion): Content | Promise<Content>;
  /** The rotator that stood at that place of a page when it was last seen. */
  seenShell(place: string): SeenShell | null;
  noteShell(place: string, seen: SeenShell): void;
}

export interface SeenShell {
  readonly text: string;
  readonly shell: Shell;
}

interface Kept {
  readonly askedAtMs: number;
  readonly content: Content;
}

/** Older than that, it is asked for again while what is there is served. */
const FRESH_MS = 60_000;
/** Older than that, it is as if it were not there. */
const KEPT_MS = 600_000;

const MAX_KEPT = 200;
/** Of all that is kept, in UTF-16 code units. */
const MAX_LENGTH = 4_000_000;
const MAX_SHELLS = 1_000;

const UNANSWERED: Content = fail("content-unanswered");

export interface ContentOptions {
  readonly website: Website;
  /** Names content in the data centre's cache; null: there is no secret for it, and the isolate's memory has to do. */
  readonly signer: Signer | null;
  readonly log: Log;
  readonly now: () => number;
}

/** Of one website. Content is the same for all shoppers of a store view and currency: whom it is for is in it. */
export function openCommerceContent(options: ContentOptions): CommerceContent {
  const { website, log, now } = options;
  const memory = openContentMemory<Kept>(MAX_KEPT, MAX_LENGTH);
  const shells = new Map<string, SeenShell>();
  // One question at a time about each, and a Commerce in trouble is left alone.
  const breaker = openBreaker();

  const remember = (key: string, kept: Kept) => memory.set(key, kept, lengthOf(kept.content));

  /** Never throws. Where nothing came of it, nobody asks about the same before the question's patience is over. */
  async function renew(asker: Asker, question: ContentQuestion, key: string): Promise<Content> {
    const subject = `${website.code} ${key}`;
    const told = { website: website.code, ...describe(asker, question) };
    try {
      const asked = await askContent(question, asker, website, options);
      if (!asked.ok) {
        breaker.fail(now(), asked.error.retryAfterMs);
        log.warn("content-unanswered", { ...told, ...asked.error }, now(), subject);
        return UNANSWERED;
      }
      breaker.succeed();
      const content = readContent(question, asked.value);
      const reason = problemOf(content);
      if (reason !== null) {
        const message = asked.value.errors?.[0]?.message;
        const said = typeof message === "string" ? message.slice(0, 200) : null;
        log.warn("content-left", { ...told, reason, said }, now(), subject);
      }
      if (!content.ok && content.error === "content-unanswered") return content;
      const kept = { askedAtMs: now(), content };
      remember(key, kept);
      breaker.end(key);
      asker.waitUntil(saveKept(options, key, kept));
      return content;
    } catch (error) {
      log.warn("content-failed", { ...told, error: describeError(error) }, now(), subject);
      return UNANSWERED;
    }
  }

  /** Another isolate of the data centre may have asked already. */
  async function load(asker: Asker, question: ContentQuestion, key: string): Promise<Content> {
    const kept = await loadKept(options, key);
    const ageMs = kept === null ? KEPT_MS : now() - kept.askedAtMs;
    const isFresh = ageMs < FRESH_MS;
    if (kept === null || ageMs >= KEPT_MS || (!isFresh && memory.get(key) !== undefined)) {
      return renew(asker, question, key);
    }
    remember(key, kept);
    if (isFresh) breaker.end(key);
    else asker.waitUntil(renew(asker, question, key));
    return kept.content;
  }

  return {
    find(asker, question) {
      const { waitUntil } = asker;
      const key = keyOf(asker, question);
      const nowMs = now();
      const kept = memory.get(key);
      const ageMs = kept === undefined ? KEPT_MS : nowMs - kept.askedAtMs;
      if (kept !== undefined && ageMs < FRESH_MS) return kept.content;
      const mayAsk = breaker.start(key, PATIENCE_MS, nowMs);
      if (kept !== undefined && ageMs < KEPT_MS) {
        if (mayAsk) waitUntil(load(asker, question, key));
        return kept.content;
      }
      if (!mayAsk) return fail("content-pending");
      const loading = load(asker, question, key);
      // Late for this page, it is there for the next.
      waitUntil(loading);
      return loading;
    },
    seenShell: (place) => shells.get(place) ?? null,
    noteShell(place, seen) {
      if (shells.size >= MAX_SHELLS) shells.clear();
      shells.set(place, seen);
    },
  };
}

function keyOf({ storeView, currency }: ContentView, question: ContentQuestion): string {
  const what =
    question.kind === "cms-block" ? [question.identifier] : [question.uids.join(), question.locations.join()];
  return JSON.stringify([storeView, currency, question.kind, ...what]);
}

function lengthOf(content: Content): number {
  if (!content.ok) return 0;
  return content.value.reduce((sum, one) => sum + (one.content.ok ? one.content.value.length : 0) + 100, 0);
}

/** What the merchant should hear of: of a CMS block, that it can't be shown either. */
function problemOf(content: Content): ContentProblem | null {
  if (!content.ok) return content.error;
  for (const block of content.value) if (!block.content.ok) return block.content.error;
  return null;
}

function describe({ storeView }: ContentView, question: ContentQuestion) {
  const content = question.kind === "cms-block" ? question.identifier : question.uids.join();
  return { storeView, kind: question.kind, content };
}

/** A cache in trouble is an empty one. */
async function loadKept(options: ContentOptions, key: string): Promise<Kept | null> {
  try {
    const place = await placeOf(options, key);
    const found = place === null ? undefined : await caches.default.match(place);
    const kept: unknown = await found?.json();
    return isKept(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Another version of the Worker may have written it. */
function isKept(kept: unknown): kept is Kept {
  return isRecord(kept) && typeof kept["askedAtMs"] === "number" && isContent(kept["content"]);
}

/** Never throws: what is not kept is asked again. */
async function saveKept(options: ContentOptions, key: string, kept: Kept): Promise<void> {
  const { log, now } = options;
  try {
    const place = await placeOf(options, key);
    if (place === null) return;
    const headers = { "cache-control": `max-age=${KEPT_MS / 1000}` };
    await caches.default.put(place, Response.json(kept, { headers }));
  } catch (error) {
    log.warn("content-not-kept", { error: describeError(error) }, now());
  }
}

/** Its path ends in an HMAC, so that nobody else can ask for it, or put something there. */
async function placeOf({ website, signer }: ContentOptions, key: string): Promise<Request | null> {
  if (signer === null) return null;
  const token = await signer.sign(new TextEncoder().encode(key), website.code);
  const mark = token.split(".").at(-1);
  return new Request(`https://${website.hosts[0]}/edge-audiences-content/1/${website.code}/${mark}`);
}
