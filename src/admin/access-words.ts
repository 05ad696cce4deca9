/** What is said to whom Cloudflare Access lets in and we do not, or not to everything. */

import type { AccessRefusal } from "../edge/access.ts";
import type { Refusal } from "./lock.ts";

type AccessKind = Refusal & { readonly kind: "outside-access" | "access" | "no-role" | "viewer" };

/** In words that help the person who reads them, and say nothing that a forger could use. */
export function describeAccess(refusal: AccessKind): string {
  switch (refusal.kind) {
    case "outside-access":
      return "This dashboard is behind Cloudflare Access, and this request did not come through it.";
    case "access":
      return describeDoubt(refusal.reason);
    case "no-role":
      return (
        `Cloudflare Access knows you as ${refusal.name}, and nobody of that name has a role here: ` +
        "ADMIN_ACCESS in wrangler.toml names viewers and publishers."
      );
    case "viewer":
      return `You see everything here and change nothing: ${refusal.name} is a viewer, and that takes a publisher.`;
  }
}

function describeDoubt(reason: AccessRefusal): string {
  switch (reason) {
    case "expired":
      return "Your session with Cloudflare Access has ended: open the dashboard again, and it asks who you are.";
    case "not-yet":
      return "The token of Cloudflare Access counts only from a later time on: try again in a minute.";
    case "keys-unreadable":
      return "The team’s keys can’t be had from Cloudflare Access, so nobody can be let in: try again in a minute.";
    case "other-audience":
      return (
        "The token of Cloudflare Access is for another application: ADMIN_ACCESS.audience in wrangler.toml has to be " +
        "the AUD tag of the one that stands before this host."
      );
    case "other-issuer":
      return "The token is of another team than ADMIN_ACCESS.team in wrangler.toml.";
    case "nobody":
      return "The token of Cloudflare Access names neither a person nor a service: its policy must not be Bypass.";
    case "unreadable":
    case "other-algorithm":
    case "unknown-key":
    case "forged":
      return "That is no token of this team’s Cloudflare Access.";
  }
}
