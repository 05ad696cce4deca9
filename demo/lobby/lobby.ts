/** The page that people open first: its files, the switches, and the comparison of bytes. */

import typeface from "../store/assets/familjen-grotesk.woff2";
import type { Ask, DemoEnv } from "./ask.ts";
import bytesScript from "./bytes.client.js";
import bytesPage from "./bytes.html";
import { compareBytes } from "./bytes.ts";
import { faults, setFaults } from "./faults.ts";
import lobbyScript from "./lobby.client.js";
import styles from "./lobby.css";
import lobbyPage from "./lobby.html";

const html = "text/html; charset=utf-8";
const script = "text/javascript; charset=utf-8";

const files: Readonly<Record<string, { readonly type: string; readonly body: string | Uint8Array }>> = {
  "/": { type: html, body: lobbyPage },
  "/bytes": { type: html, body: bytesPage },
  "/lobby.css": { type: "text/css; charset=utf-8", body: styles },
  "/lobby.js": { type: script, body: lobbyScript },
  "/bytes.js": { type: script, body: bytesScript },
  "/familjen-grotesk.woff2": { type: "font/woff2", body: typeface },
};

export async function serveLobby(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const { pathname } = new URL(request.url);
  switch (`${request.method} ${pathname}`) {
    case "GET /demo/faults":
      return Response.json(faults);
    case "POST /demo/faults":
      return isOwnPage(request)
        ? breakThings(request, env)
        : new Response("Not from here.\n", { status: 403 });
    case "POST /demo/sync":
      return isOwnPage(request) ? sync(request, env, ask) : new Response("Not from here.\n", { status: 403 });
    case "GET /demo/bytes":
      return compareBytes(request, env, ask);
    default: {
      const file = files[pathname.replace(/(?<=.)\/$/, "")];
      if (file === undefined) return new Response("The lobby has no such page.\n", { status: 404 });
      const headers = { "content-type": file.type, "cache-control": "no-cache" };
      return forTrust(
        new Response(file.body, { headers }),
        env.WEB_SDK === undefined ? "claimed" : "verified",
      );
    }
  }
}

/** The forger comes only where a claim is worth nothing; elsewhere there would be nothing to see. */
function forTrust(page: Response, trust: "claimed" | "verified"): Response {
  if (page.headers.get("content-type") !== html) return page;
  return new HTMLRewriter()
    .on("[data-demands]", {
      element(element) {
        if (element.getAttribute("data-demands") !== trust) element.remove();
      },
    })
    .transform(page);
}

async function breakThings(request: Request, env: DemoEnv): Promise<Response> {
  const asked: unknown = await request.json().catch(() => null);
  if (!setFaults(asked)) return new Response("Nothing to break was named.\n", { status: 400 });
  await env.ADOBE.fetch("http://platform.adobe.demo/demo/faults", {
    method: "POST",
    body: JSON.stringify({ mode: faults.adobe }),
  });
  return Response.json(faults);
}

/** Asks the product's own dashboard to sync, as an operator's script would. */
async function sync(request: Request, env: DemoEnv, ask: Ask): Promise<Response> {
  const url = new URL("/api/sync", request.url);
  url.hostname = env.ADMIN_HOST ?? "admin.localhost";
  const headers = { authorization: `Bearer ${env.ADMIN_TOKEN ?? ""}` };
  const answer = await ask(new Request(url, { method: "POST", headers }));
  const { reports = [] } = await answer
    .json<{ reports?: readonly { outcome: string; message: string }[] }>()
    .catch(() => ({ reports: [] }));
  return Response.json({ outcome: reports[0]?.outcome ?? "failed", message: reports[0]?.message ?? "" });
}

function isOwnPage(request: Request): boolean {
  return request.headers.get("origin") === new URL(request.url).origin;
}
