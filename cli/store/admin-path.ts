/** Whether Commerce's admin is where everybody would look for it, and where we were told that it is. */

import { type Answer, type Asked, setsCookie } from "./answer.ts";
import type { Finding } from "./finding.ts";

export interface AdminAnswers {
  /** `/admin`, the default of old. */
  readonly usual: Asked;
  /** The path in COMMERCE_ADMIN_PATH; null: it is not set here. */
  readonly named: Asked | null;
}

/** The sign-in page, or a redirect to it that already sets the admin's own cookie. */
export function isAdmin(answer: Answer): boolean {
  if (setsCookie(answer, "admin")) return true;
  return answer.status === 200 && /\bclass="[^"]{0,200}\badminhtml-/.test(answer.body);
}

export function findAdmin({ usual, named }: AdminAnswers): Finding {
  const topic = "Admin path";
  const put = "npx wrangler secret put COMMERCE_ADMIN_PATH";
  if (named?.kind === "answer" && !isAdmin(named)) {
    return {
      topic,
      level: "problem",
      found: `There is no admin at the path in COMMERCE_ADMIN_PATH: it answers ${named.status}.`,
      means: 'A banner on "/*" could reach the real one.',
      todo: `Find it with bin/magento info:adminuri, then: ${put}.`,
    };
  }
  if (usual.kind === "answer" && isAdmin(usual)) {
    return {
      topic,
      level: "advice",
      found: "The admin is at /admin, where everybody looks for it.",
      means: "We never edit it once we know of it; attackers know of it already.",
      todo: `${put} (admin), or move it: bin/magento setup:config:set --backend-frontname=NAME.`,
    };
  }
  if (named !== null) {
    const found =
      named.kind === "answer" ? "COMMERCE_ADMIN_PATH leads to the admin." : "The admin does not answer.";
    const level = named.kind === "answer" ? "fine" : "unseen";
    return { topic, level, found, means: "No banner can match what is below it.", todo: null };
  }
  return {
    topic,
    level: "advice",
    found: usual.kind === "answer" ? "The admin is not at /admin." : "/admin does not answer.",
    means: 'Until we know its path, no banner may stand on "/*".',
    todo: `${put} (bin/magento info:adminuri tells it).`,
  };
}
