/** What is wrong with the pretend Adobe at the moment: one switch for all its APIs. */

const modes = [
  "up",
  "down",
  "slow",
  "empty",
  "throttled",
  // A list of audiences that comes back to its first page.
  "repeating",
  // These are the Edge Network's alone; the platform's APIs go on as if nothing were.
  "forbidden",
  "rubbish",
  "partial",
  "huge",
] as const;

export type Mode = (typeof modes)[number];

/** Lives as long as the isolate: a demo's switch. */
let mode: Mode = "up";

export function currentMode(): Mode {
  return mode;
}

export async function switchMode(request: Request): Promise<Response> {
  if (request.method === "POST") {
    const asked = await request.json<{ mode?: unknown }>().catch(() => ({ mode: undefined }));
    const known = modes.find((one) => one === asked.mode);
    if (known === undefined)
      return Response.json({ error: `mode is one of ${modes.join(", ")}` }, { status: 400 });
    mode = known;
  }
  return Response.json({ mode });
}

export function unavailable(): Response {
  return new Response("upstream connect error or disconnect/reset before headers", { status: 503 });
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
