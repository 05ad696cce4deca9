/** What is wrong with a live campaign, as a sentence with what follows from it. */

import type { Risk } from "../core/campaigns/standing.ts";
import { listWords, type NameOf } from "../core/campaigns/words.ts";
import { formatMoment } from "./moment.tsx";

export function describeRisk(risk: Risk, nameOf: NameOf): string {
  switch (risk.kind) {
    case "over":
      return `over since ${formatMoment(risk.sinceMs)}; it can go from the file`;
    case "variants-over":
      return "each of its variants is over; everybody sees the store’s own";
    case "unknown-website":
      return `${listWords(risk.websites, "and")} is no website of the settings; it is shown on none of that name`;
    case "vanished": {
      const name = nameOf(risk.audience);
      const audience = name === risk.audience ? name : `${name} (${risk.audience})`;
      return `the audience ${audience} is not in the synced list of ${listWords(risk.websites, "and")}; nobody is in it there`;
    }
  }
}
