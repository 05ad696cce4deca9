/** The weather on the way to Commerce and to Adobe: hosts that hang, drip, break off, or are not there. */

import type { Outlook, Weather } from "./drill-order.ts";

/** Where it is set, by POST. */
export const WEATHER_HOST = "weather.demo";

/** Lives as long as the isolate, as the demo's other switches. */
const now: Record<keyof Outlook, Weather> = { store: "clear", adobe: "clear" };

const HANGS_MS = 60_000;
/** So much of a body drips, a byte a second; the rest comes at once. */
const DRIPS = 3;
/** So much of a body comes before it breaks off. */
const BREAKS_AFTER = 300;

export async function setWeather(request: Request): Promise<Response> {
  const { store, adobe } = await request.json<Outlook>();
  if (store) now.store = store;
  if (adobe) now.adobe = adobe;
  return Response.json(now);
}

export async function passThrough(to: keyof Outlook, ask: () => Promise<Response>): Promise<Response> {
  const weather = now[to];
  switch (weather) {
    case "clear":
      return ask();
    case "gone":
      throw new Error("Network connection lost.");
    case "hangs":
      await wait(HANGS_MS);
      return ask();
    case "drips":
    case "breaks": {
      const response = await ask();
      const bytes = new Uint8Array(await response.arrayBuffer());
      const headers = new Headers(response.headers);
      headers.delete("content-length");
      const body = weather === "drips" ? drip(bytes) : breakOff(bytes);
      return new Response(body, { status: response.status, headers });
    }
    case "unreadable": {
      const response = await ask();
      const headers = new Headers(response.headers);
      headers.set("content-type", "text/html; charset=klingon");
      return new Response(response.body, { status: response.status, headers });
    }
  }
}

function drip(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = Math.max(0, bytes.length - DRIPS);
  return new ReadableStream({
    start: (controller) => void (at > 0 && controller.enqueue(bytes.slice(0, at))),
    async pull(controller) {
      if (at >= bytes.length) return controller.close();
      await wait(1_000);
      controller.enqueue(bytes.slice(at, at + 1));
      at += 1;
    },
  });
}

function breakOff(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let begun = false;
  return new ReadableStream({
    async pull(controller) {
      if (begun) {
        // The first part is on its way before the break.
        await wait(100);
        return controller.error(new Error("Network connection lost."));
      }
      begun = true;
      controller.enqueue(bytes.slice(0, BREAKS_AFTER));
    },
  });
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
