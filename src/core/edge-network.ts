/** Adobe's Edge Network: what of a call may be trusted, what the answer says, how we ask ourselves. */

import type { EdgeAnswer } from "./edge-network/answer.ts";
import { decodeEcid } from "./identity.ts";
import { fail, ok, type Result } from "./result.ts";

export { type EdgeAnswer, readEdgeAnswer } from "./edge-network/answer.ts";
export {
  collectPath,
  type EdgeEndpoint,
  type EdgePath,
  parseEdgePath,
  questionPath,
  readDatastreamIds,
} from "./edge-network/path.ts";
export { type StoredCookie, writeStoredCookie } from "./edge-network/stored-cookie.ts";
export { type InteractCall, judgeCall, type UntrustedReason } from "./edge-network/trust.ts";

/**
 * Whose membership it is: `asked` and everything the answer says must be one. A visitor who asked as nobody
 * is who this very answer makes them, by issuing the identity; asked by our own device id (`provedBy:
 * "fpid"`), who `identity:result` says they are.
 */
export function agreeOnEcid(
  asked: string | null,
  answer: EdgeAnswer,
  provedBy: "ecid" | "fpid" = "ecid",
): Result<string, "no-identity" | "other-identity" | "several-identities"> {
  const said = new Set(answer.ecids);
  if (answer.issuedEcid !== null) said.add(answer.issuedEcid);
  if (said.size > 1) return fail("several-identities");
  const [only = null] = said;
  if (asked !== null) return only === null || only === asked ? ok(asked) : fail("other-identity");
  if (only === null || (answer.issuedEcid === null && provedBy === "ecid")) return fail("no-identity");
  return ok(only);
}

export interface AskingVisitor {
  /** The visitor's own `kndctr_<ORG>_identity`, value as the browser sent it. */
  readonly identityCookie: { readonly name: string; readonly value: string } | null;
  readonly ecid: string | null;
  /** Our own first-party device id, UUIDv4; then nothing else says who the visitor is. */
  readonly fpid: string | null;
}

export interface QuestionContext {
  readonly apexDomain: string;
  readonly timestampIso: string;
  readonly pageUrl: string | null;
}

/**
 * The body of `POST …/ee/v2/interact`. With an FPID neither ECID nor identity cookie goes along, because
 * Adobe prefers either to it (reference §3.5), and both are only what a browser says.
 *
 * The page's address stands in `data`, not in `xdm.web.webPageDetails`: Adobe Analytics counts every event
 * with `webPageDetails.URL` as a page view and drops one without (experienceleague.adobe.com, "Edge Network
 * event types in Adobe Analytics"). A datastream's mapping may use it.
 */
export function buildQuestion(visitor: AskingVisitor, context: QuestionContext): string {
  const { apexDomain, timestampIso, pageUrl } = context;
  const entries = visitor.fpid === null ? stateEntries(visitor) : [];
  const identityMap = buildIdentityMap(visitor);
  return JSON.stringify({
    event: {
      xdm: { ...(identityMap && { identityMap }), timestamp: timestampIso },
      ...(pageUrl !== null && { data: { pageUrl } }),
    },
    query: { identity: { fetch: ["ECID"] } },
    meta: {
      state: { domain: apexDomain, cookiesEnabled: true, ...(entries.length > 0 && { entries }) },
    },
  });
}

function buildIdentityMap({ fpid, ecid, identityCookie }: AskingVisitor) {
  const identity = (id: string) => [{ id, primary: true, authenticatedState: "ambiguous" }];
  if (fpid !== null) return { FPID: identity(fpid) };
  const asked = ecid ?? (identityCookie && decodeEcid(identityCookie.value));
  return asked === null ? null : { ECID: identity(asked) };
}

/** The Web SDK sends the cookie's value decoded; one that names somebody else than we ask for stays here. */
function stateEntries({ ecid, identityCookie }: AskingVisitor) {
  if (identityCookie === null) return [];
  const named = decodeEcid(identityCookie.value);
  if (named === null || (ecid !== null && named !== ecid)) return [];
  return [{ key: identityCookie.name, value: decodeURIComponent(identityCookie.value) }];
}
