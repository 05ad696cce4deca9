/** What three knocks tell of the origin's own door: open to anybody, or closed and by what. */

import type { Reception } from "./knock.ts";

export interface Knocks {
  /** Without a secret, as anybody would ask. */
  readonly bare: Reception;
  /** With a secret that nobody has. */
  readonly madeUp: Reception;
  /** With ours; null where it is not known here. */
  readonly known: Reception | null;
}

export interface Door {
  readonly kind: "open" | "closed";
  readonly sentence: string;
}

export function judgeDoor({ bare, madeUp, known }: Knocks): Door {
  if (bare.kind === "unreachable") return { kind: "closed", sentence: `${bare.reason}.` };
  const answered = `it answers ${bare.status}`;
  if (isRefusal(bare)) {
    if (!isRefusal(madeUp)) {
      return { kind: "open", sentence: `${answered} without ORIGIN_SECRET, but opens to a made-up one.` };
    }
    return { kind: "closed", sentence: `${answered} without ORIGIN_SECRET${describeKnown(known)}` };
  }
  // A 404 or 503 may be the door's way to refuse, if our secret brings something better.
  const better = bare.status >= 400 && known?.kind === "answered" && known.status < 400;
  if (better && madeUp.kind === "answered" && madeUp.status === bare.status) {
    return { kind: "closed", sentence: `${answered} without ORIGIN_SECRET, and ${known.status} with it.` };
  }
  return { kind: "open", sentence: `${answered} to anybody.` };
}

function describeKnown(known: Reception | null): string {
  if (known === null) return "; whether ours opens it was not asked: it is not in .dev.vars here.";
  if (!isRefusal(known))
    return `, and opens to ours${known.kind === "answered" ? ` (${known.status})` : ""}.`;
  return ", and to ours as well: it may also look at the address; else the two secrets differ, and the shop is down.";
}

/** RFC 9110 §15.5; nginx has 495 and 496 for client certificates, and answers them as 400. */
const refusals: ReadonlySet<number> = new Set([400, 401, 403, 407, 421, 495, 496, 511]);

function isRefusal(reception: Reception): boolean {
  if (reception.kind === "unreachable") return true;
  return refusals.has(reception.status) || isAccessLogin(reception.location);
}

/** Cloudflare Access sends whom it doesn't know to its own sign-in. */
function isAccessLogin(location: string | null): boolean {
  if (location === null || !URL.canParse(location)) return false;
  return new URL(location).hostname.endsWith(".cloudflareaccess.com");
}
