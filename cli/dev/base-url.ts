/** The store's base URL: the one address under which it does not send shoppers elsewhere. */

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { CommandError, wrongUsage } from "../command.ts";
import { describeFailure, tlsOf } from "./connector.ts";

export interface BaseUrlQuestion {
  /** Where the store listens. */
  readonly origin: URL;
  /** As written: a name, a name with a port, or an address; null: whatever the store says. */
  readonly host: string | null;
  readonly trust: "certificate" | "any";
  /** For the head of one answer; 20 seconds where nothing is said. */
  readonly patienceMs?: number;
}

export interface BaseUrl {
  readonly url: URL;
  /** What a developer should know of it; empty where there is nothing. */
  readonly notes: readonly string[];
}

const MAX_REDIRECTS = 3;

/**
 * A Magento answers every other host, and http where it wants https, with a redirect to its base URL; so it
 * is asked, and its word is taken. The connection stays with `origin`, whatever name the store has.
 */
export async function findBaseUrl(question: BaseUrlQuestion): Promise<BaseUrl> {
  const { origin, host } = question;
  const written = host === null ? origin : readHost(host, origin);
  let base = written;
  for (let asked = 0; asked <= MAX_REDIRECTS; asked += 1) {
    const elsewhere = await askForRedirect(question, base);
    if (elsewhere === null || elsewhere.origin === base.origin)
      return { url: base, notes: noteOf(written, base) };
    if (host !== null && elsewhere.hostname !== base.hostname) {
      const note =
        `The store sends ${base.origin} on to ${elsewhere.origin}: ` +
        `its base URL is probably that one (--host ${elsewhere.host}).`;
      return { url: base, notes: [note] };
    }
    base = elsewhere;
  }
  const note = `The store keeps redirecting between addresses; name its base URL: --host https://shop.example`;
  return { url: written, notes: [note] };
}

function noteOf(written: URL, base: URL): readonly string[] {
  return written.origin === base.origin
    ? []
    : [`The store calls itself ${base.origin}, so it is asked as that.`];
}

/** `shop.example`, `shop.example:8443` or `https://shop.example`; without a scheme it is the origin's. */
function readHost(written: string, origin: URL): URL {
  const text = written.includes("://") ? written : `${origin.protocol}//${written}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const bare = url !== null && url.pathname === "/" && url.search === "" && /^https?:$/.test(url.protocol);
  if (bare) return new URL(url.origin);
  throw wrongUsage(
    `--host is the store's name, like shop.example or https://shop.example; found "${written}".`,
  );
}

async function askForRedirect(question: BaseUrlQuestion, base: URL): Promise<URL | null> {
  const answer = await ask(question, base);
  const location = answer.headers.location;
  const status = answer.statusCode ?? 0;
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, base.origin))
    return null;
  const target = new URL(location, base.origin);
  return /^https?:$/.test(target.protocol) ? new URL(target.origin) : null;
}

const PATIENCE_MS = 20_000;

/** A store in developer mode may take long for its first page; only the head of the answer is waited for. */
function ask(
  { origin, trust, patienceMs = PATIENCE_MS }: BaseUrlQuestion,
  base: URL,
): Promise<IncomingMessage> {
  const send = origin.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL("/", origin), {
      headers: { host: base.host, "x-forwarded-proto": base.protocol.slice(0, -1), accept: "text/html" },
      ...tlsOf(base, trust),
      agent: false,
      timeout: patienceMs,
    });
    outgoing.on("response", (answer) => {
      answer.destroy();
      resolve(answer);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${patienceMs / 1000} seconds`)));
    outgoing.on("error", (error) => reject(new CommandError(describeFailure(error, origin))));
    outgoing.end();
  });
}
