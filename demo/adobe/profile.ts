/** The profiles that this edge of Adobe's knows, and what it answers of their audiences. */

import { openBoundedMap } from "../store/bounded-map.ts";
import { cookieName, randomEcid, writeIdentity } from "./identity.ts";

const destination = {
  type: "profileLookup",
  destinationId: "de571a0e-0000-4000-8000-7e0000000002",
  alias: "commerce",
} as const;

/** By `namespace:id`. The newest ten thousand visitors are enough for a demo. */
const profiles = openBoundedMap<readonly string[]>(10_000);

/** What edge segmentation says of somebody who has never been here; null: nothing, as long as nobody told it. */
let newcomers: readonly string[] | null = null;

/**
 * The payload of `activation:pull`. A profile that was never here is fetched from the hub: this answer has no
 * destination at all, and the next one knows the profile. Unless edge segmentation has something to say.
 */
export function lookUp(profile: string): readonly unknown[] {
  const audiences = profiles.get(profile) ?? newcomers ?? undefined;
  if (audiences === undefined) {
    profiles.set(profile, []);
    return [];
  }
  return [{ ...destination, segments: audiences.map((id) => ({ id })) }];
}

/** `POST /demo/profile {ecid?, audiences}`: puts a visitor into audiences; one without an ECID gets one. */
export async function putProfile(request: Request, organization: string): Promise<Response> {
  const asked = await request.json<{ ecid?: unknown; audiences?: unknown } | null>().catch(() => null);
  const ecid = asked?.ecid ?? randomEcid();
  const audiences = asked?.audiences;
  if (typeof ecid !== "string" || !/^\d{38}$/.test(ecid) || !isList(audiences)) {
    return Response.json({ error: "ecid: 38 digits or none; audiences: a list of ids" }, { status: 400 });
  }
  profiles.set(`ECID:${ecid}`, audiences);
  const cookie = { name: cookieName(organization, "identity"), value: writeIdentity(ecid, Date.now()) };
  return Response.json({ ecid, audiences, cookie });
}

/** `POST /demo/newcomers {audiences}`: what edge segmentation says of new visitors from now on. */
export async function putNewcomers(request: Request): Promise<Response> {
  const asked = await request.json<{ audiences?: unknown } | null>().catch(() => null);
  const audiences = asked?.audiences ?? null;
  if (audiences !== null && !isList(audiences)) {
    return Response.json({ error: "audiences: a list of ids, or null" }, { status: 400 });
  }
  newcomers = audiences;
  return Response.json({ audiences });
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === "string");
}
