/** Cloudflare Access in front of the dashboard: what may be written in [vars.ADMIN_ACCESS], and what it means. */

import * as v from "valibot";
import { type AccessMember, type AccessTeam, parseAccessMember } from "../core/access.ts";
import { collectProblems, type Problem } from "../core/problem.ts";
import { readOrigin } from "./value.ts";

const member = v.pipe(
  v.string(),
  v.check(
    (written) => parseAccessMember(written) !== null,
    (issue) =>
      "expected somebody like anna@shop.example, *@shop.example, group:Merchandising or service:CLIENT_ID; " +
      `found ${issue.received}`,
  ),
);

const access = v.strictObject({
  team: v.pipe(
    v.string(),
    v.check(
      (written) => readIssuer(written) !== null,
      (issue) => `expected the team's domain, like shop.cloudflareaccess.com; found ${issue.received}`,
    ),
  ),
  audience: v.pipe(
    v.string(),
    v.regex(
      /^[0-9a-f]{64}$/,
      "expected the Application Audience (AUD) tag of the Access application, 64 hex digits",
    ),
  ),
  publishers: v.optional(v.array(member), []),
  viewers: v.optional(v.array(member)),
});

/** null: the dashboard knows nothing of Access, or what is written is among the problems. */
export function readAccess(written: unknown, problems: Problem[]): AccessTeam | null {
  if (written === undefined || written === null) return null;
  const checked = v.safeParse(access, written);
  const found = collectProblems(access, written, checked.issues ?? []);
  problems.push(
    ...found.map(({ path, message }) => ({
      path: path === "" ? "ADMIN_ACCESS" : `ADMIN_ACCESS.${path}`,
      message,
    })),
  );
  if (!checked.success || found.length > 0) return null;
  const { team, audience, publishers, viewers } = checked.output;
  return {
    issuer: readIssuer(team) ?? "",
    audience,
    publishers: toMembers(publishers),
    viewers: viewers === undefined ? null : toMembers(viewers),
  };
}

/** Keys that came over plain http would be anybody's; a pretend team on one's own machine may have it so. */
function readIssuer(written: string): string | null {
  const origin = readOrigin(/^https?:/i.test(written) ? written : `https://${written}`);
  if (origin === null) return null;
  const { protocol, hostname } = new URL(origin);
  const local = /^(?:localhost|127\.0\.0\.1|[a-z.-]+\.(?:localhost|demo))$/.test(hostname);
  return protocol === "https:" || local ? origin : null;
}

function toMembers(written: readonly string[]): AccessMember[] {
  return written.flatMap((one) => parseAccessMember(one) ?? []);
}
