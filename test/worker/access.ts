/** A pretend Cloudflare Access: a team with its keys, and tokens as it signs them, or as somebody else would. */

import { createHmac, createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Origin, startOrigin } from "./origin.ts";

export const AUDIENCE = "4714c1358e65fe4b408ad6d432a5f878f08194bdb4752441fd56faefa9b2b6f2";

type Json = Readonly<Record<string, unknown>>;

export interface PretendAccess {
  readonly origin: Origin;
  /** The `kid`s that the team gives out now. */
  published: string[];
  /** What the certs endpoint answers when it is not in order. */
  trouble: "none" | "down" | "rubbish" | "empty";
  /** A token as Access would sign it, with other claims, another head or another key. */
  issue(claims?: Json, head?: Json, key?: string): string;
  /** As `issue`, but with another way of signing. */
  forge(how: "none" | "hmac-of-the-public-key" | "cut" | "changed", claims?: Json): string;
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export async function startAccess(): Promise<PretendAccess> {
  const pairs = new Map<string, Pair>();
  const pairOf = (kid: string): Pair => {
    const known = pairs.get(kid) ?? generateKeyPairSync("rsa", { modulusLength: 2048 });
    pairs.set(kid, known);
    return known;
  };
  const origin = await startOrigin(({ url }, response) => {
    if (url !== "/cdn-cgi/access/certs") return void response.writeHead(404).end();
    if (access.trouble === "down") return void response.writeHead(503).end("down");
    if (access.trouble === "rubbish") return void response.end("<html>Sign in</html>");
    const keys = access.published.map((kid) => ({
      kid,
      kty: "RSA",
      alg: "RS256",
      use: "sig",
      ...pairOf(kid).publicKey.export({ format: "jwk" }),
    }));
    response.end(JSON.stringify({ keys: access.trouble === "empty" ? [] : keys, public_certs: [] }));
  });
  const standard = (): Json => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    return {
      iss: origin.url,
      aud: [AUDIENCE],
      email: "anna@shop.example",
      iat: nowSeconds - 10,
      nbf: nowSeconds - 10,
      exp: nowSeconds + 3600,
      type: "app",
      sub: "7335d417-61da-459d-899c-0a01c76a2f94",
    };
  };
  const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = (text: string, kid: string) =>
    `${text}.${createSign("RSA-SHA256").update(text).sign(pairOf(kid).privateKey).toString("base64url")}`;
  const access: PretendAccess = {
    origin,
    published: ["first"],
    trouble: "none",
    issue: (claims = {}, head = {}, key = "first") =>
      signed(
        `${encode({ alg: "RS256", kid: key, typ: "JWT", ...head })}.${encode({ ...standard(), ...claims })}`,
        key,
      ),
    forge(how, claims = {}) {
      const payload = encode({ ...standard(), ...claims });
      switch (how) {
        case "none":
          return `${encode({ alg: "none", kid: "first" })}.${payload}.`;
        case "hmac-of-the-public-key": {
          const pem = pairOf("first").publicKey.export({ format: "pem", type: "spki" });
          const text = `${encode({ alg: "HS256", kid: "first" })}.${payload}`;
          return `${text}.${createHmac("sha256", pem).update(text).digest("base64url")}`;
        }
        case "cut":
          return access.issue(claims).slice(0, -4);
        case "changed": {
          const [head, , signature] = access.issue().split(".");
          return `${head}.${payload}.${signature}`;
        }
      }
    },
  };
  return access;
}
