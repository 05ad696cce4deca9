/** From offers as they are written to offers as they are meant. */

import type { Offer } from "../offer.ts";
import { type Compilation, readWebsites, refuseRepeated } from "./compilation.ts";
import { readCondition } from "./condition.ts";
import type { WrittenOffer } from "./file.ts";
import { readSchedule } from "./schedule.ts";

export function compileOffers(written: readonly Partial<WrittenOffer>[], compilation: Compilation): Offer[] {
  const seen = new Set<string>();
  return written.map((offer, index): Offer => {
    const at = ["offers", index];
    refuseRepeated(offer.id, seen, [...at, "id"], "offer", compilation.report);
    const exclusive = offer.exclusive ?? false;
    if (exclusive && !isPlainCode(offer.coupon ?? "X")) {
      const cure = 'an exclusive code has only letters, digits, "-" and "_" of ASCII, which can be guarded';
      compilation.report([...at, "coupon"], `${cure} in each of their spellings`);
    }
    if (exclusive && offer.trust === "claimed") {
      const message =
        '"claimed" would let anybody say that they may use the code; an exclusive offer is "verified"';
      compilation.report([...at, "trust"], message);
    }
    return {
      id: offer.id ?? "",
      websites: readWebsites(offer.websites, [...at, "websites"], compilation),
      for: readCondition(offer.for ?? {}, [...at, "for"], compilation),
      coupon: offer.coupon ?? "",
      trust: offer.trust ?? "verified",
      exclusive,
      schedule: readSchedule(offer, [...at, "schedule"], compilation),
    };
  });
}

function isPlainCode(code: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(code);
}
