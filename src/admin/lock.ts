/** The lock: who may see the dashboard and who may change something; every doubt is a no. */

import { type AccessTeam, type Role, roleOf } from "../core/access.ts";
import { findCookie } from "../core/cookie.ts";
import { type AccessGate, type AccessRefusal, openAccessGate } from "../edge/access.ts";
import type { Log } from "../edge/log.ts";
import { equalsSecret } from "../edge/secret.ts";
import { clientOf, openFailures } from "./failures.ts";
import { isLoopback, isSession, openSession, sessionCookieName } from "./session.ts";

export type Refusal =
  /** There is neither a token nor Access, so nobody can show anything. */
  | { readonly kind: "closed" }
  /** Over plain http the token would be anybody's. */
  | { readonly kind: "unencrypted" }
  /** A change that another site's page asks for in the operator's name. */
  | { readonly kind: "cross-site" }
  | { readonly kind: "throttled"; readonly waitSeconds: number }
  | { readonly kind: "signed-out"; readonly reason: "nothing-shown" | "wrong-token" | "session-over" }
  /** No token is set, and this request did not come through Access. */
  | { readonly kind: "outside-access" }
  | { readonly kind: "access"; readonly reason: AccessRefusal }
  /** Access lets them in, and the settings name them nowhere. */
  | { readonly kind: "no-role"; readonly name: string }
  /** A viewer changes nothing. */
  | { readonly kind: "viewer"; readonly name: string };

/** Who is in, and by what. */
export interface Admitted {
  readonly kind: "admitted";
  readonly by: "session" | "token" | "access" | "service";
  /** As the audit log names them. */
  readonly name: string;
  readonly role: Role;
}

export type Admission = Admitted | Refusal;

export interface Lock {
  /** Before anything else, the sign-in page included. */
  refuseEarly(request: Request): Refusal | null;
  admit(request: Request): Promise<Admission>;
  /** `cookie` is a `Set-Cookie` value. */
  signIn(request: Request, given: string): Promise<{ kind: "signed-in"; cookie: string } | Refusal>;
}

export interface LockOptions {
  /** The operator's. */
  readonly token: string | null;
  /** One that opens everything to the eye, and nothing to the hand. */
  readonly viewerToken: string | null;
  readonly access: AccessTeam | null;
  readonly log: Log;
  readonly now: () => number;
}

interface Key {
  readonly token: string;
  readonly role: Role;
  readonly name: string;
}

/**
 * The header alone: Access writes it on every request that it lets through, and takes away what a client wrote. Its
 * cookie CF_Authorization also comes along where Access does not stand in front.
 */
const ACCESS_HEADER = "cf-access-jwt-assertion";

export function openLock({ token, viewerToken, access, log, now }: LockOptions): Lock {
  const failures = openFailures();
  const keys: Key[] = [];
  if (token !== null) keys.push({ token, role: "publisher", name: "operator" });
  if (viewerToken !== null) keys.push({ token: viewerToken, role: "viewer", name: "viewer" });
  const gate = access === null ? null : openAccessGate(access, log, now);
  const closed = keys.length === 0 && gate === null;

  /** The one place where a token is compared, so that no way in escapes the count. */
  async function tryToken(request: Request, given: string): Promise<Key | Refusal> {
    if (keys.length === 0) return { kind: closed ? "closed" : "outside-access" };
    const client = clientOf(request);
    const waitSeconds = failures.waitSeconds(client, now());
    if (waitSeconds !== null) return { kind: "throttled", waitSeconds };
    let found: Key | null = null;
    // Every one, so that the time does not tell which it was.
    for (const key of keys) if (await equalsSecret(given, key.token)) found = key;
    if (found !== null) return found;
    failures.add(client, now());
    return { kind: "signed-out", reason: "wrong-token" };
  }

  async function findSession(session: string): Promise<Key | null> {
    for (const key of keys) if (await isSession(session, key.token, now())) return key;
    return null;
  }

  async function whoIs(request: Request): Promise<Admission> {
    if (closed) return { kind: "closed" };
    const bearer = readBearer(request);
    // Without a token of ours, whatever that is was meant for somebody else.
    if (bearer !== null && keys.length > 0) {
      const key = await tryToken(request, bearer);
      if ("kind" in key) return key;
      return { kind: "admitted", by: "token", name: `${key.name}, by token`, role: key.role };
    }
    const assertion = request.headers.get(ACCESS_HEADER);
    if (gate !== null && access !== null && assertion !== null) {
      const judged = await judge(assertion, access, gate);
      // Why, and never whose: a wrong AUD tag shuts everybody out, and is read here.
      if (judged.kind === "access")
        log.warn("access-refused", { reason: judged.reason }, now(), judged.reason);
      return judged;
    }
    if (keys.length === 0) return { kind: "outside-access" };
    const name = sessionCookieName(new URL(request.url));
    const session = findCookie(request.headers.get("cookie") ?? "", name);
    if (!session) return { kind: "signed-out", reason: "nothing-shown" };
    const key = await findSession(session);
    if (key === null) return { kind: "signed-out", reason: "session-over" };
    return { kind: "admitted", by: "session", name: `${key.name}, signed in`, role: key.role };
  }

  return {
    refuseEarly(request) {
      if (closed) return { kind: "closed" };
      return isEncrypted(new URL(request.url)) ? null : { kind: "unencrypted" };
    },

    async admit(request) {
      const admission = await whoIs(request);
      if (admission.kind !== "admitted" || !isChange(request)) return admission;
      if (bringsItself(admission) && !isSameOrigin(request)) return { kind: "cross-site" };
      if (admission.role === "viewer" && !isForViewers(request))
        return { kind: "viewer", name: admission.name };
      return admission;
    },

    async signIn(request, given) {
      if (closed) return { kind: "closed" };
      if (!isSameOrigin(request)) return { kind: "cross-site" };
      const key = await tryToken(request, given);
      if ("kind" in key) return key;
      return { kind: "signed-in", cookie: await openSession(key.token, new URL(request.url), now()) };
    },
  };
}

async function judge(assertion: string, team: AccessTeam, gate: AccessGate): Promise<Admission> {
  const verified = await gate.verify(assertion);
  if (!verified.ok) return { kind: "access", reason: verified.error };
  const subject = verified.value;
  const person = subject.kind === "person";
  const name = person ? subject.email : `service ${subject.clientId}`;
  const role = roleOf(subject, team);
  if (role === null) return { kind: "no-role", name };
  return { kind: "admitted", by: person ? "access" : "service", name, role };
}

/** A browser's cookies come along whichever page asked. None adds `Authorization`, or a service token's headers. */
function bringsItself({ by }: Admitted): boolean {
  return by === "session" || by === "access";
}

/** What changes nothing for shoppers: signing out, and a preview link from Try it. */
function isForViewers({ method, url }: Request): boolean {
  return method === "POST" && ["/sign-out", "/try"].includes(new URL(url).pathname);
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
