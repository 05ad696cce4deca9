/** What of a Web SDK call may be believed: anyone can call with their datastream, or about somebody else. */

import { isRecord } from "../record.ts";
import { fail, ok, type Result } from "../result.ts";
import { type ClaimReason, judgeBody } from "./claims.ts";
import { readJson } from "./json.ts";
import { readDatastreamIds } from "./path.ts";

export type UntrustedReason =
  | "cross-site"
  | "encoded"
  | "content-type"
  | "too-long"
  | "no-datastream"
  | "several-datastreams"
  | "foreign-datastream"
  | "not-json"
  | "too-deep"
  | "duplicate-keys"
  | "escaped-keys"
  | "unproven-identity"
  | ClaimReason;

export interface InteractCall {
  /** `?configId=…&requestId=…`, or empty. */
  readonly rawQuery: string;
  /** Strictly decoded UTF-8 (`fatal`, with its byte order mark if it has one); null: longer than 64 KB. */
  readonly body: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly secFetchSite: string | null;
  readonly origin: string | null;
  /** The origins of the website, like `https://shop.example`. */
  readonly siteOrigins: readonly string[];
  /** Ours. */
  readonly datastreamIds: readonly string[];
  readonly organizationId: string;
  /** Of the identity cookie that goes to Adobe with this call; null where none goes. */
  readonly visitorEcid: string | null;
  /** Our own first-party device id; null unless `identity: fpid`. */
  readonly visitorFpid: string | null;
}

export const MAX_CALL_LENGTH = 65_536;

/**
 * Whether the answer to this call may be signed if it agrees (`agreeOnEcid`), and for whom: `ecid` null is a
 * visitor whom this very answer must give an identity. What is refused here still goes to Adobe, unsigned.
 */
export function judgeCall(call: InteractCall): Result<{ readonly ecid: string | null }, UntrustedReason> {
  const reason = judgeSender(call) ?? judgeDatastream(call) ?? judgeFormat(call);
  if (reason !== null) return fail(reason);
  const text = call.body;
  if (text === null || text.length > MAX_CALL_LENGTH) return fail("too-long");
  const body = readJson(text);
  if (!body.ok) return fail(body.error);
  if (!isRecord(body.value)) return fail("not-json");
  // Adobe prefers an ECID to an FPID (reference §3.5): with that cookie the answer is not of our device.
  if (call.visitorFpid !== null && call.visitorEcid !== null) return fail("unproven-identity");
  const claim = judgeBody(body.value, {
    ecid: call.visitorEcid,
    fpid: call.visitorFpid,
    organizationId: call.organizationId,
  });
  return claim === null ? ok({ ecid: call.visitorEcid }) : fail(claim);
}

/** Browsers set both headers themselves, and no page of another site can change them. */
function judgeSender({ secFetchSite, origin, siteOrigins }: InteractCall): UntrustedReason | null {
  if (secFetchSite === "same-origin") return null;
  return origin !== null && siteOrigins.includes(origin) ? null : "cross-site";
}

function judgeDatastream({ rawQuery, datastreamIds }: InteractCall): UntrustedReason | null {
  const [id, another] = readDatastreamIds(rawQuery);
  if (id === undefined) return "no-datastream";
  if (another !== undefined) return "several-datastreams";
  return datastreamIds.includes(id) ? null : "foreign-datastream";
}

/** Another charset than UTF-8 would let Adobe read other text than we do; smile is not even text. */
const jsonText = /^(?:text\/plain|application\/json)[ \t]*(?:;[ \t]*charset=(?:utf-8|"utf-8")[ \t]*)?;?$/i;

function judgeFormat({ contentType, contentEncoding }: InteractCall): UntrustedReason | null {
  if (contentEncoding !== null && !/^(?:identity)?$/i.test(contentEncoding)) return "encoded";
  return contentType !== null && jsonText.test(contentType) ? null : "content-type";
}
