/** The lock: who may see the dashboard and who may change something; every doubt is a no. */

import { findCookie } from "../core/cookie.ts";
import { equalsSecret } from "../edge/secret.ts";
import { clientOf, openFailures } from "./failures.ts";
import { isLoopback, isSession, openSession, sessionCookieName } from "./session.ts";

export type Refusal =
  /** There is no token, so nobody can show it. */
  | { readonly kind: "closed" }
  /** Over plain http the token would be anybody's. */
  | { readonly kind: "unencrypted" }
  /** A change that another site's page asks for in the operator's name. */
  | { readonly kind: "cross-site" }
  | { readonly kind: "throttled"; readonly waitSeconds: number }
  | { readonly kind: "signed-out"; readonly reason: "nothing-shown" | "wrong-token" | "session-over" };

export type Admission = { readonly kind: "admitted"; readonly by: "session" | "token" } | Refusal;

export interface Lock {
  /** Before anything else, the sign-in page included. */
  refuseEarly(request: Request): Refusal | null;
  admit(request: Request): Promise<Admission>;
  /** `cookie` is a `Set-Cookie` value. */
  signIn(request: Request, given: string): Promise<{ kind: "signed-in"; cookie: string } | Refusal>;
}

export interface LockOptions {
  readonly token: string | null;
  readonly now: () => number;
}

export function openLock({ token, now }: LockOptions): Lock {
  const failures = openFailures();

  /** The one place where a token is compared, so that no way in escapes the count. */
  async function tryToken(request: Request, given: string): Promise<Refusal | null> {
    if (token === null) return { kind: "closed" };
    const client = clientOf(request);
    const waitSeconds = failures.waitSeconds(client, now());
    if (waitSeconds !== null) return { kind: "throttled", waitSeconds };
    if (await equalsSecret(given, token)) return null;
    failures.add(client, now());
    return { kind: "signed-out", reason: "wrong-token" };
  }

  return {
    refuseEarly(request) {
      if (token === null) return { kind: "closed" };
      return isEncrypted(new URL(request.url)) ? null : { kind: "unencrypted" };
    },

    async admit(request) {
      if (token === null) return { kind: "closed" };
      const bearer = readBearer(request);
      // No browser adds this header by itself: who sends it means it, whichever page asked.
      if (bearer !== null) return (await tryToken(request, bearer)) ?? { kind: "admitted", by: "token" };
      const name = sessionCookieName(new URL(request.url));
      const session = findCookie(request.headers.get("cookie") ?? "", name);
      if (!session) return { kind: "signed-out", reason: "nothing-shown" };
      if (!(await isSession(session, token, now()))) return { kind: "signed-out", reason: "session-over" };
      if (isChange(request) && !isSameOrigin(request)) return { kind: "cross-site" };
      return { kind: "admitted", by: "session" };
    },

    async signIn(request, given) {
      if (token === null) return { kind: "closed" };
      if (!isSameOrigin(request)) return { kind: "cross-site" };
      const refusal = await tryToken(request, given);
      if (refusal !== null) return refusal;
      return { kind: "signed-in", cookie: await openSession(token, new URL(request.url), now()) };
    },
  };
}

/** Other schemes are not ours: a Basic password of a proxy in front of us must not lock the operator out. */
function readBearer(request: Request): string | null {
  return /^Bearer +(.*)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null;
}

function isChange({ method }: Request): boolean {
  return method !== "GET" && method !== "HEAD";
}

/**
 * The shop is often the same site (shop.example, admin.example), so SameSite=Strict alone would let its
 * scripts post here. `none` is the person's own doing: a bookmark, the address bar.
 */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin" || site === "none";
  return request.headers.get("origin") === new URL(request.url).origin;
}

function isEncrypted(url: URL): boolean {
  return url.protocol === "https:" || isLoopback(url);
}
