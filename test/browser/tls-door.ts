/** Names over TLS on port 443, as they stand in the web, and behind each a server of this machine. */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream";
import { MAX_HEADER_BYTES, pairsOf, stopperOf, withoutHopByHop } from "../../cli/dev/relay.ts";

export interface Behind {
  readonly port: number;
  /** workerd's socket takes a proxy's request line, so the Worker sees https and the name. */
  readonly socket: "direct" | "proxied";
}

export interface TlsDoor {
  /** For the browser: where each name is. Its contexts need `ignoreHTTPSErrors`. */
  readonly mapped: readonly string[];
  stop(): Promise<void>;
}

export async function openTlsDoor(names: Readonly<Record<string, Behind>>): Promise<TlsDoor> {
  const server = createServer(
    { ...makeCertificate(Object.keys(names)), maxHeaderSize: MAX_HEADER_BYTES },
    (incoming, response) => {
      const name = incoming.headers.host ?? "";
      const behind = names[name];
      if (behind === undefined) response.destroy();
      else relay(incoming, response, name, behind);
    },
  );
  const stop = stopperOf(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { mapped: Object.keys(names).map((name) => `MAP ${name}:443 127.0.0.1:${port}`), stop };
}

function relay(
  incoming: IncomingMessage,
  response: ServerResponse,
  name: string,
  { port, socket }: Behind,
): void {
  const outgoing = httpRequest({
    host: "127.0.0.1",
    port,
    method: incoming.method ?? "GET",
    path: (socket === "proxied" ? `https://${name}` : "") + incoming.url,
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
    const kept = headers.filter(([key]) => key.toLowerCase() !== "transfer-encoding");
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, kept.flat());
    pipeline(answer, response, () => {});
  });
  pipeline(incoming, outgoing, () => {});
}

/** For a day, and for nobody but the browser of this test, which is told not to mind. */
function makeCertificate(names: readonly string[]): { readonly key: string; readonly cert: string } {
  const folder = mkdtempSync(join(tmpdir(), "edge-audiences-tls-"));
  const [keyFile, certFile] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  try {
    const all = names.map((name) => `DNS:${name}`).join(",");
    const subject = ["-subj", `/CN=${names[0]}`, "-addext", `subjectAltName=${all}`];
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
    const args = ["req", "-x509", ...curve, "-nodes", "-days", "1", ...subject];
    execFileSync("openssl", [...args, "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
    return { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
