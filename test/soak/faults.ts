/** What goes wrong during a soak, by turns: Adobe's moods, KV's troubles, Commerce's bad pages, and what the operator does. */

import type { ServerResponse } from "node:http";
import { answerCrowd, crowdCampaigns } from "../worker/crowd.ts";
import type { Behaviour } from "../worker/edge-network.ts";
import type { SeenRequest } from "../worker/origin.ts";
import { type KvTrouble, rig } from "../worker/rig.ts";
import type { VerifiedShop } from "../worker/verified-shop.ts";

const moods: readonly (Behaviour | null)[] = [
  null,
  null,
  (_, response) => void setTimeout(() => response.destroy(), 8_000),
  (_, response) => void response.writeHead(503).end("upstream connect error"),
  null,
  (_, response) => void response.writeHead(429, { "retry-after": "10" }).end(),
  (_, response) => void response.destroy(),
  null,
  (_, response) => void response.writeHead(200).end("<html>"),
];

const troubles: readonly KvTrouble[] = ["none", "none", "throws", "slow", "none", "lags", "rubbish", "empty"];

const LONG_TAG = `<div data-image="${"x".repeat(3_300_000)}">`;
const LONG_PAGE = `<html><section id=hero>default</section>${LONG_TAG}</html>`;

/** Over the crowd's own Commerce: `?break`, `?busy` and `?long` are pages that go wrong. */
export function answerSoak(request: SeenRequest, response: ServerResponse): void {
  const [, fault = ""] = request.url.split("?");
  switch (fault) {
    case "break":
      response.writeHead(200, { "content-type": "text/html", "content-length": "5000" });
      return void response.write("<html><section id=hero>default", () => response.destroy());
    case "busy":
      return void response.writeHead(503, { "retry-after": "5", "content-type": "text/html" }).end("<p>busy");
    case "long":
      response.writeHead(200, { "content-type": "text/html" });
      return void response.end(LONG_PAGE);
    default:
      answerCrowd(request, response);
  }
}

/** What a shopper must get of such a page, whoever they are; null: it is. */
export function wrongWith(fault: string, got: { status: number; text: string } | "broken"): string | null {
  if (fault === "break") return got === "broken" ? null : "break: not broken off";
  if (got === "broken") return `${fault}: broken off`;
  if (fault === "busy") return got.status === 503 && got.text === "<p>busy" ? null : `busy: ${got.status}`;
  const whole = got.text.endsWith(`</section>${LONG_TAG}</html>`) && got.text.startsWith("<html><section");
  return got.status === 200 && whole ? null : `long: ${got.status}, ${got.text.length} characters`;
}

/** The next of everything; so an hour has as many of each as ten minutes. */
export async function turn(shop: VerifiedShop, n: number): Promise<void> {
  const mood = moods[n % moods.length] ?? null;
  if (mood === null) shop.adobe.recover();
  else shop.adobe.behave(mood);
  const kv = await shop.edge.miniflare.getKVNamespace("KV");
  await kv.put("campaigns", await crowdCampaigns(n % 2 === 0 ? "one" : "two"));
  const trouble = troubles[n % troubles.length] ?? "none";
  await rig(shop.edge, {
    trouble,
    control: n % 5 === 4 ? "down" : "up",
    // What is remembered is renewed; what is signed ends now and then.
    aheadMs: 31_000,
    ...(n % 7 === 6 && { cold: true }),
  });
}
