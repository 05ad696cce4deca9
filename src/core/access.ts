/** Cloudflare Access: whose token it is, whether it counts here and now, and which role that person has. */

import { isRecord } from "./record.ts";
import { fail, ok, type Result } from "./result.ts";

/** A viewer sees everything and changes nothing. */
export type Role = "viewer" | "publisher";

/** The application of the team's Zero Trust that stands in front of the dashboard, and who is what in it. */
export interface AccessTeam {
  /** `https://shop.cloudflareaccess.com`: who issues the tokens, and where the keys are. */
  readonly issuer: string;
  /** The application's AUD tag. */
  readonly audience: string;
  readonly publishers: readonly AccessMember[];
  /** null: everybody whom Access lets in. */
  readonly viewers: readonly AccessMember[] | null;
}

/** Lower case but for groups, which an identity provider may write as it likes. */
export type AccessMember =
  | { readonly kind: "email"; readonly email: string }
  | { readonly kind: "domain"; readonly domain: string }
  | { readonly kind: "group"; readonly group: string }
  /** A service token, by its Client ID. */
  | { readonly kind: "service"; readonly clientId: string };

/** Who a token speaks for: a person, or a machine with a service token. */
export type AccessSubject =
  | { readonly kind: "person"; readonly email: string; readonly groups: readonly string[] }
  | { readonly kind: "service"; readonly clientId: string };

export type AccessDoubt =
  /** No JWT, or one without the claims that Access writes. */
  | "unreadable"
  /** Another algorithm than Access signs with; `none` and HS256 are how such checks are fooled. */
  | "other-algorithm"
  | "unknown-key"
  | "forged"
  | "other-issuer"
  | "other-audience"
  | "expired"
  | "not-yet"
  /** Neither an e-mail nor a service token. */
  | "nobody";

/** What a token's head says of how it is signed. */
export function readAlgorithm(head: unknown): Result<{ readonly keyId: string }, AccessDoubt> {
  if (!isRecord(head)) return fail("unreadable");
  // RFC 7515 §4.1.11: who does not know an extension that is critical must refuse.
  if (head["alg"] !== "RS256" || "crit" in head) return fail("other-algorithm");
  const { kid } = head;
  return typeof kid === "string" && kid !== "" ? ok({ keyId: kid }) : fail("unreadable");
}

/** Access's clock is Cloudflare's, as ours is; a second's difference must not shut anybody out. */
const SKEW_SECONDS = 30;

/** Of a token whose signature is good. Each claim has to be there: what is missing is no yes. */
export function judgeClaims(
  claims: unknown,
  { issuer, audience }: AccessTeam,
  nowMs: number,
): Result<AccessSubject, AccessDoubt> {
  if (!isRecord(claims)) return fail("unreadable");
  const { iss, aud, exp, nbf, iat } = claims;
  if (typeof exp !== "number" || typeof iat !== "number") return fail("unreadable");
  if (nbf !== undefined && typeof nbf !== "number") return fail("unreadable");
  if (iss !== issuer) return fail("other-issuer");
  if (![aud].flat().includes(audience)) return fail("other-audience");
  const nowSeconds = nowMs / 1000;
  if (nowSeconds >= exp) return fail("expired");
  if (Math.max(iat, nbf ?? iat) > nowSeconds + SKEW_SECONDS) return fail("not-yet");
  return readSubject(claims);
}

function readSubject(claims: Readonly<Record<string, unknown>>): Result<AccessSubject, AccessDoubt> {
  const { email, common_name: clientId, custom } = claims;
  if (typeof email === "string" && email.includes("@")) {
    // Claims of the identity provider stand under `custom` where the team has them passed on.
    const groups = isRecord(custom) ? custom["groups"] : undefined;
    return ok({ kind: "person", email: email.toLowerCase(), groups: [groups].flat().filter(isText) });
  }
  if (typeof clientId === "string" && clientId !== "") {
    return ok({ kind: "service", clientId: clientId.toLowerCase() });
  }
  return fail("nobody");
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** null: Access lets them in, and here they have no business. */
export function roleOf(subject: AccessSubject, { publishers, viewers }: AccessTeam): Role | null {
  if (publishers.some((member) => isMember(subject, member))) return "publisher";
  return viewers === null || viewers.some((member) => isMember(subject, member)) ? "viewer" : null;
}

function isMember(subject: AccessSubject, member: AccessMember): boolean {
  if (subject.kind === "service") return member.kind === "service" && member.clientId === subject.clientId;
  switch (member.kind) {
    case "email":
      return member.email === subject.email;
    case "domain":
      return subject.email.endsWith(`@${member.domain}`);
    case "group":
      return subject.groups.includes(member.group);
    case "service":
      return false;
  }
}

/** As the settings have it: `anna@shop.example`, `*@shop.example`, `group:Merchandising`, `service:<Client ID>`. */
export function parseAccessMember(written: string): AccessMember | null {
  const text = written.trim();
  const [, prefix, rest = ""] = /^(group|service):(.+)$/.exec(text) ?? [];
  if (prefix === "group") return { kind: "group", group: rest.trim() };
  if (prefix === "service") return { kind: "service", clientId: rest.trim().toLowerCase() };
  const [, name = "", domain = ""] = /^([^\s@:]+)@([^\s@:*]+)$/.exec(text.toLowerCase()) ?? [];
  if (domain === "" || (name !== "*" && name.includes("*"))) return null;
  return name === "*" ? { kind: "domain", domain } : { kind: "email", email: `${name}@${domain}` };
}
