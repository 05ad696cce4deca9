/** Who a call to the Edge Network is about: the ECID it carries, one from a first-party id, or a new one. */

import { readText, toBase64Url } from "./protobuf.ts";

/** An `identityMap` as clients write it: namespaces, each with a list of ids. */
export type IdentityMap = Readonly<Record<string, readonly IdentityItem[] | undefined>>;

export interface IdentityItem {
  readonly id?: unknown;
  readonly primary?: unknown;
}

/** What a call says of its visitor, before anybody decides. */
export interface Presented {
  readonly maps: readonly IdentityMap[];
  /** Of the `Cookie` header and of `meta.state.entries`, the header first. */
  readonly cookies: ReadonlyMap<string, string>;
}

export interface Identity {
  readonly ecid: string;
  readonly issued: boolean;
  /** `namespace:id`, the one whose profile is looked up. */
  readonly profile: string;
}

const uuidVersion4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ecidPattern = /^\d{38}$/;

/** Adobe's cookies carry the organization in their name, its `@` as `_`. */
export function cookieName(organization: string, key: string): string {
  return `kndctr_${organization.replace("@", "_")}_${key}`;
}

/** In Adobe's order: ECID of the map, ECID of the cookie, device id of the map, of the cookie, a new one. */
export async function identify(presented: Presented, organization: string): Promise<Identity> {
  const { maps, cookies } = presented;
  const named =
    findInMaps(maps, "ECID", ecidPattern) ?? readIdentity(cookies.get(cookieName(organization, "identity")));
  const device = findInMaps(maps, "FPID", uuidVersion4) ?? readDevice(cookies.get("FPID"));
  const ecid = named ?? (device === null ? randomEcid() : await seedEcid(device, organization));
  return { ecid, issued: named === null, profile: findPrimary(maps) ?? `ECID:${ecid}` };
}

/** False where there are identities and none of them is the primary one, which Adobe refuses. */
export function hasPrimary(map: IdentityMap): boolean {
  const items = Object.values(map).flatMap((list) => list ?? []);
  return items.length === 0 || items.some(({ primary }) => primary === true);
}

/** The value of the identity cookie: field 1 the ECID, 10 where and when it was made, 30 when written. */
export function writeIdentity(ecid: string, nowMs: number): string {
  return toBase64Url([
    { field: 1, value: ecid },
    {
      field: 10,
      value: [
        { field: 1, value: nowMs },
        { field: 3, value: 1 },
        { field: 5, value: "IRL1" },
      ],
    },
    { field: 30, value: nowMs },
  ]);
}

/** Null where the cookie is not Adobe's. */
export function readIdentity(cookie: string | undefined): string | null {
  const ecid = cookie === undefined ? null : readText(cookie, 1);
  return ecid !== null && ecidPattern.test(ecid) ? ecid : null;
}

export function randomEcid(): string {
  return digitsOf(crypto.getRandomValues(new Uint8Array(38)));
}

/** Another of Adobe's ids for the same visitor, always the same one. */
export async function coreIdOf(ecid: string): Promise<string> {
  return digitsOf(await digest(`CORE ${ecid}`));
}

async function seedEcid(device: string, organization: string): Promise<string> {
  return digitsOf(await digest(`FPID ${organization} ${device.toLowerCase()}`));
}

/** SHA-512, because 38 digits want 38 bytes. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", new TextEncoder().encode(text)));
}

function digitsOf(bytes: Uint8Array): string {
  const [first = 0, ...rest] = bytes.subarray(0, 38);
  return `${1 + (first % 9)}${rest.map((byte) => byte % 10).join("")}`;
}

function findInMaps(maps: readonly IdentityMap[], namespace: string, pattern: RegExp): string | null {
  for (const map of maps) {
    for (const { id } of map[namespace] ?? []) if (typeof id === "string" && pattern.test(id)) return id;
  }
  return null;
}

function findPrimary(maps: readonly IdentityMap[]): string | null {
  for (const map of maps) {
    for (const [namespace, items] of Object.entries(map)) {
      if (namespace === "FPID") continue;
      const primary = items?.find((item) => item.primary === true);
      if (typeof primary?.id === "string") return `${namespace}:${primary.id}`;
    }
  }
  return null;
}

function readDevice(cookie: string | undefined): string | null {
  return cookie !== undefined && uuidVersion4.test(cookie) ? cookie : null;
}
