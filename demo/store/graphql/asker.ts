/** Who asks a GraphQL question, and what the answer may be cached under. */

import { GraphQLError } from "graphql";
import { openBoundedMap } from "../bounded-map.ts";
import { randomId } from "../cart.ts";
import { audiencesOfHeaders } from "../membership.ts";
import type { Customer } from "../session.ts";
import { readsAudiences, type StoreSettings } from "../settings.ts";
import { englishView, findStoreView, type StoreView } from "../store-view.ts";
import type { Visit } from "../visit.ts";

export interface Asker {
  readonly visit: Visit;
  readonly view: StoreView;
  readonly customer: Customer | null;
  /** From the header only; the cookie means nothing here. */
  readonly audiences: readonly string[];
  readonly settings: StoreSettings;
  readonly caching: { readonly tags: Set<string>; vetoed: boolean };
}

export type Category =
  | "graphql-input"
  | "graphql-no-such-entity"
  | "graphql-authorization"
  | "graphql-authentication";

const tokens = openBoundedMap<Customer>(1_000);

/** Null when the Store header names a view that this shop does not have. */
export function openAsker(visit: Visit): Asker | null {
  const named = visit.request.headers.get("store") ?? visit.cookies.get("store");
  const view = named === undefined ? englishView : findStoreView(named);
  if (view === null) return null;
  return {
    visit,
    view,
    customer: customerOf(visit),
    audiences: readsAudiences(visit.settings) ? audiencesOfHeaders(visit.request.headers) : [],
    settings: visit.settings,
    caching: { tags: new Set(), vetoed: false },
  };
}

/** Shaped like Commerce's JWT. Only this shop's memory knows what it stands for. */
export function issueToken(customer: Customer, nowMs: number): string {
  const iat = Math.floor(nowMs / 1000);
  const part = (value: unknown) => btoa(JSON.stringify(value)).replaceAll("=", "");
  const claims = { uid: 1, utypid: 3, iat, exp: iat + 3600 };
  const token = `${part({ kid: "1", alg: "HS256" })}.${part(claims)}.${randomId(43)}`;
  tokens.set(token, customer);
  return token;
}

export function revokeToken(visit: Visit): void {
  const token = bearerOf(visit);
  if (token !== null) tokens.delete(token);
}

export function failure(message: string, category: Category): GraphQLError {
  return new GraphQLError(message, { extensions: { category } });
}

export function notSignedIn(): GraphQLError {
  return failure("The current customer isn't authorized.", "graphql-authorization");
}

/** A token that nobody issued makes a guest, not an error. */
function customerOf(visit: Visit): Customer | null {
  const token = bearerOf(visit);
  if (token !== null) return tokens.get(token) ?? null;
  return visit.session.customer;
}

function bearerOf(visit: Visit): string | null {
  return /^Bearer\s+(\S+)$/i.exec(visit.request.headers.get("authorization") ?? "")?.[1] ?? null;
}

/** By which a cache forgets the answer. */
export function addTags(asker: Asker, tags: readonly string[]): void {
  for (const tag of tags) asker.caching.tags.add(tag);
}
