/** As much of Cloudflare's API as wrangler asks for KV and secrets, so that `--remote` can be tried without an account. */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Cloudflare {
  readonly kv: Map<string, string>;
  readonly secrets: string[];
  /** For a command that is to talk to it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startCloudflare(): Promise<Cloudflare> {
  const kv = new Map<string, string>();
  const secrets: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { pathname } = new URL(request.url ?? "/", "http://api.example");
    const say = (status: number, result: unknown) => {
      const success = status === 200;
      const errors = success ? [] : [{ code: 10_009, message: "get: 'key not found'" }];
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ success, errors, messages: [], result }));
    };
    const key = /\/namespaces\/f00d\/values\/(.+)$/.exec(pathname)?.[1];
    if (pathname.endsWith("/settings")) {
      // An id-less binding: the deployed Worker's settings are what knows its namespace.
      say(200, { bindings: [{ type: "kv_namespace", name: "KV", namespace_id: "f00d" }] });
    } else if (pathname.endsWith("/secrets")) {
      say(
        200,
        secrets.map((name) => ({ name, type: "secret_text" })),
      );
    } else if (key !== undefined && request.method === "PUT") {
      kv.set(key, body);
      say(200, null);
    } else if (key !== undefined && kv.has(key)) response.end(kv.get(key));
    else say(404, null);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kv,
    secrets,
    env: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}/client/v4`,
      CLOUDFLARE_API_TOKEN: "pretend",
      CLOUDFLARE_ACCOUNT_ID: "pretend",
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
