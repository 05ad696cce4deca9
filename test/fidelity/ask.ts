/** Asks a proxy by its URL: header lines and bytes as they come over the wire, nothing decoded, nothing followed. */

import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

const LIMIT_MS = 20_000;

export interface Question {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  /** Of several lines of a name, all. */
  all(name: string): readonly string[];
  header(name: string): string | null;
  readonly body: Buffer;
  /** It ended as its framing says; else the connection broke. */
  readonly whole: boolean;
}

export interface Opened {
  /** Resolves with the first byte of the body, or at its end. */
  readonly firstByte: Promise<void>;
  readonly answer: Promise<Answer>;
}

export interface Asked {
  open(question: Question): Opened;
  ask(question: Question): Promise<Answer>;
}

/** `host`: what stands in the Host header, where the proxy serves several. */
export function openProxy(url: string, host: string | null): Asked {
  const base = new URL(url);
  const send = base.protocol === "https:" ? httpsRequest : httpRequest;
  const open = ({ method = "GET", path, headers = {}, body }: Question): Opened => {
    let seen = () => {};
    const firstByte = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const answer = new Promise<Answer>((resolve, reject) => {
      const options = {
        host: base.hostname,
        port: base.port || (base.protocol === "https:" ? 443 : 80),
        method,
        path,
        headers: { ...headers, ...(host === null ? {} : { host }) },
        agent: false,
        signal: AbortSignal.timeout(LIMIT_MS),
      } as const;
      const outgoing = send(options, (message) => read(message, seen).then(resolve));
      outgoing.on("error", reject);
      outgoing.end(body);
    });
    answer.then(seen, seen);
    return { firstByte, answer };
  };
  return { open, ask: (question) => open(question).answer };
}

function read(message: IncomingMessage, seen: () => void): Promise<Answer> {
  const all = (name: string) => {
    const lines: string[] = [];
    for (let index = 0; index < message.rawHeaders.length; index += 2) {
      if (message.rawHeaders[index]?.toLowerCase() === name) lines.push(message.rawHeaders[index + 1] ?? "");
    }
    return lines;
  };
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (whole: boolean) =>
      resolve({
        status: message.statusCode ?? 0,
        all,
        header: (name) => all(name)[0] ?? null,
        body: Buffer.concat(chunks),
        whole,
      });
    message.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      seen();
    });
    message.on("end", () => end(message.complete));
    message.on("error", () => end(false));
  });
}
