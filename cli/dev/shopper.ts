/** A page beside the store's own where a developer chooses which audiences to be in; it sets Adobe's cookie. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { MEMBERSHIP_NAME } from "../../src/core/membership.ts";

/** An audience that can be chosen: a name of the campaigns file, or an id alone. */
export interface Choosable {
  readonly name: string;
  readonly ids: readonly string[];
}

export const SHOPPER_PATH = "/__shopper";

const MAX_FORM_BYTES = 65_536;

/** False where the request is not for this page. */
export function serveShopper(
  incoming: IncomingMessage,
  response: ServerResponse,
  choosable: readonly Choosable[],
): boolean {
  const path = (incoming.url ?? "/").split("?", 1)[0];
  if (path !== SHOPPER_PATH) return false;
  if (incoming.method === "POST") void choose(incoming, response);
  else show(incoming, response, choosable);
  return true;
}

/** The cookie's value for these audiences, as Adobe's own script writes it. */
export function cookieValue(ids: readonly string[]): string {
  return encodeURIComponent([...new Set(ids)].join(","));
}

function show(incoming: IncomingMessage, response: ServerResponse, choosable: readonly Choosable[]): void {
  const chosen = new Set(readChosen(incoming.headers.cookie ?? ""));
  const rows = choosable.map(({ name, ids }) => {
    const checked = ids.some((id) => chosen.has(id)) ? " checked" : "";
    const value = escapeHtml(ids[0] ?? "");
    return `<p><label><input type="checkbox" name="id" value="${value}"${checked}> ${escapeHtml(name)}</label></p>`;
  });
  const list = rows.length === 0 ? "<p>The campaigns name no audience yet.</p>" : rows.join("\n");
  response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  });
  response.end(`<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Which shopper are you?</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 32rem; margin: 3rem auto; padding: 0 1rem }
button { font: inherit; padding: .4rem 1rem }</style>
<h1>Which shopper are you?</h1>
<p>The store then sees you in these audiences, through the cookie <code>${MEMBERSHIP_NAME}</code>.</p>
<form method="post" action="${SHOPPER_PATH}">
${list}
<p><button>Go shopping</button></p>
</form>
`);
}

async function choose(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // Another site's page may post here too; it must not choose for the developer.
  const foreign = incoming.headers.origin !== `http://${incoming.headers.host}`;
  const form = foreign ? null : await readForm(incoming);
  if (form === null) {
    response.writeHead(403, { "content-type": "text/plain" });
    response.end("Only this page's own form is heard.\n");
    return;
  }
  const ids = form.getAll("id").filter((id) => /^[\w.=-]{1,128}$/.test(id));
  const life = ids.length === 0 ? "; Max-Age=0" : "";
  response.writeHead(303, {
    location: "/",
    "set-cookie": `${MEMBERSHIP_NAME}=${cookieValue(ids)}; Path=/; SameSite=Lax${life}`,
    "cache-control": "no-store",
  });
  response.end();
}

async function readForm(incoming: IncomingMessage): Promise<URLSearchParams | null> {
  let text = "";
  try {
    for await (const chunk of incoming.setEncoding("utf8")) {
      text += chunk;
      if (text.length > MAX_FORM_BYTES) return null;
    }
  } catch {
    return null;
  }
  return new URLSearchParams(text);
}

function readChosen(cookies: string): readonly string[] {
  const value = new RegExp(`(?:^|;\\s*)${MEMBERSHIP_NAME}=([^;]*)`).exec(cookies)?.[1] ?? "";
  try {
    return decodeURIComponent(value).split(",");
  } catch {
    return [];
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
