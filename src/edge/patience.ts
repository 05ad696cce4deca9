/** Patience: which codes are exclusive stands in the campaigns, so who may type one on a cold isolate waits longer for them. */

import { findCouponDoor } from "../core/coupon-door.ts";
import { mayBeGraphql, pathSegments } from "../core/path.ts";
import type { Website } from "../core/website.ts";
import { decodeText, readBody } from "./body.ts";
import type { LiveCampaigns } from "./campaigns.ts";
import type { Held, Replica, WaitUntil } from "./replica.ts";
import { urlOf } from "./url.ts";

const CODE_PATIENCE_MS = 2_000;

interface Asked {
  readonly request: Request;
  readonly website: Website;
  readonly campaigns: Replica<LiveCampaigns>;
  readonly nowMs: number;
  readonly waitUntil: WaitUntil;
}

/** Without a wait while the isolate is warm. */
export function readCampaigns(asked: Asked): Held<LiveCampaigns> | Promise<Held<LiveCampaigns>> {
  const { campaigns, request, nowMs, waitUntil } = asked;
  const held = campaigns.read(nowMs, waitUntil);
  if (campaigns.loadedAt() !== null || !campaigns.isBound) return held;
  if (/^(?:GET|HEAD)$/.test(request.method)) return held;
  return Promise.resolve(held).then((soon) => readPatiently(soon, asked));
}

async function readPatiently(soon: Held<LiveCampaigns>, asked: Asked): Promise<Held<LiveCampaigns>> {
  const { campaigns, nowMs, waitUntil } = asked;
  if (campaigns.loadedAt() !== null || !(await mayTypeCoupon(asked))) return soon;
  return campaigns.read(nowMs, waitUntil, CODE_PATIENCE_MS);
}

async function mayTypeCoupon({ request, website }: Asked): Promise<boolean> {
  const { method, headers } = request;
  const path = urlOf(request).pathname;
  if (mayBeGraphql(method, path) || path === website.graphqlPath) {
    // What is no plain text is refused where there is a code to guard.
    if (headers.has("content-encoding")) return true;
    const { body } = request.clone();
    const read = body && (await readBody(body, website.maxBodyBytes));
    if (read?.kind === "longer") await read.stream.cancel();
    const text = read?.kind === "whole" ? decodeText(read.bytes) : null;
    return text === null ? read !== null : namesCoupon(text);
  }
  if (findCouponDoor(method, path, null) === null) return false;
  return namesCoupon(pathSegments(path, 16)?.join("/") ?? "coupon");
}

/** Commerce's own doors have the word in their addresses, but for SOAP; a text may hide it behind `\u…`. */
function namesCoupon(text: string): boolean {
  return /coupon|soap|\\u00/i.test(text);
}
