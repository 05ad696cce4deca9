/** The demo shop as a real one stands in the web: under a name of its own, over TLS, on port 443. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import type { Browser } from "playwright-core";
import { MAX_HEADER_BYTES, pairsOf, stopperOf, withoutHopByHop } from "../../cli/dev/relay.ts";
import { type DemoOptions, type RunningDemo, startDemo } from "../../demo/run.ts";
import { launchBrowser } from "./browser.ts";

export const SHOP = "www.shop.test";

export interface TlsShop {
  readonly demo: RunningDemo;
  /** It finds the shop, and nothing else; its contexts need `ignoreHTTPSErrors`. */
  readonly browser: Browser;
  stop(): Promise<void>;
}

export async function openTlsShop(options: DemoOptions): Promise<TlsShop> {
  const demo = await startDemo({ ...options, hosts: [SHOP], socket: "proxied" });
  const edgePort = Number(new URL(demo.url).port);
  const server = createServer(
    { ...makeCertificate(), maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => relay(incoming, response, edgePort),
  );
  const stopServer = stopperOf(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchBrowser(`MAP ${SHOP}:443 127.0.0.1:${port}`);
  return {
    demo,
    browser,
    async stop() {
      await browser.close();
      await Promise.all([stopServer(), demo.stop()]);
    },
  };
}

/** workerd's socket takes a proxy's request line, so the Worker sees https and the shop's name. */
function relay(incoming: IncomingMessage, response: ServerResponse, port: number): void {
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port,
    method: incoming.method ?? "GET",
    path: `https://${SHOP}${incoming.url}`,
    headers: withoutHopByHop(pairsOf(incoming.rawHeaders)).flat(),
    setHost: false,
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
  });
  outgoing.on("error", () => response.destroy());
  // Who goes on to the next page hangs up on what this one still asked.
  response.on("close", () => outgoing.destroy());
  outgoing.on("response", (answer) => {
    if (response.destroyed) return;
    const headers = withoutHopByHop(pairsOf(answer.rawHeaders));
    const kept = headers.filter(([name]) => name.toLowerCase() !== "transfer-encoding");
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept.flat());
    pipeline(answer, response, () => {});
  });
  pipeline(incoming, outgoing, () => {});
}

/** For a day, and for nobody but the browser of this test, which is told not to mind. */
function makeCertificate(): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "edge-audiences-tls-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const subject = ["-subj", `/CN=${SHOP}`, "-addext", `subjectAltName=DNS:${SHOP}`];
    const kind = [
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
    ];
    const args = ["req", ...kind, ...subject, "-keyout", keyFile, "-out", certFile];
    execFileSync("openssl", args, { stdio: "ignore" });
    return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
