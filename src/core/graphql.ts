/** The plan of a GraphQL request: what Commerce is told, by which method, and what is changed of the document. */

import { type CartNote, type CartOfferPlan, planCartOffer } from "./cart-offer.ts";
import type { Splice } from "./graphql-document/splice.ts";
import { isIncluded } from "./graphql-document/value.ts";
import type { GraphqlDocument, UnreadableDocument } from "./graphql-document.ts";
import type { GraphqlRequest, UnreadableRequest } from "./graphql-request.ts";
import type { OfferIndex } from "./offer.ts";
import { planUpstream, type UpstreamPlan, type UpstreamQuestion } from "./upstream.ts";

/** What could be read of a request. */
export type GraphqlReading =
  | { readonly kind: "document"; readonly request: GraphqlRequest; readonly document: GraphqlDocument }
  /** `not-needed`: nothing here depends on what it asks. Everything else is Commerce's to judge. */
  | { readonly kind: "unread"; readonly reason: UnreadReason }
  | { readonly kind: "too-long" };

export type UnreadReason =
  | "not-needed"
  | "method"
  | "content-type"
  | "encoding"
  | UnreadableRequest
  | UnreadableDocument;

export type GraphqlPlan =
  | { readonly kind: "refuse"; readonly reason: "body-too-long" | "unreadable" }
  | {
      readonly kind: "forward";
      readonly upstream: UpstreamPlan;
      /** A GET that Commerce must be told a membership with becomes a POST: no cache behind us could keep it. */
      readonly asPost: boolean;
      readonly cart: CartOfferPlan;
      /** On the client's own text. Empty: byte for byte. */
      readonly splices: readonly Splice[];
    };

export interface GraphqlQuestion extends Omit<UpstreamQuestion, "graphql"> {
  readonly reading: GraphqlReading;
  readonly offers: OfferIndex | null;
  /** Whether an exclusive code is locked for this shopper. */
  readonly guarded: boolean;
  readonly fresh: boolean;
  readonly note: (cartId: string) => CartNote | null;
  readonly nowMs: number;
}

const noOffers: CartOfferPlan = { kind: "none", reason: "no-offers" };

export function planGraphql(question: GraphqlQuestion): GraphqlPlan {
  const { reading, guarded, method } = question;
  if (reading.kind === "too-long") return { kind: "refuse", reason: "body-too-long" };
  // A coupon could hide in it. A GET changes nothing.
  if (reading.kind === "unread" && guarded && method !== "GET") {
    return { kind: "refuse", reason: "unreadable" };
  }
  const upstream = planUpstream({ ...question, graphql: true });
  if (reading.kind === "unread") {
    return { kind: "forward", upstream, asPost: false, cart: noOffers, splices: [] };
  }
  if (method === "GET") return planGet(question, reading.document, upstream);
  const cart = planCart(question);
  return { kind: "forward", upstream, asPost: false, cart, splices: "splices" in cart ? cart.splices : [] };
}

/** A mutation by GET is refused by Commerce; as a POST it would be done. */
function planGet(question: GraphqlQuestion, document: GraphqlDocument, asSent: UpstreamPlan): GraphqlPlan {
  const forward = { kind: "forward", cart: noOffers, splices: [] } as const;
  if (!isPersonalGet(question, document)) return { ...forward, upstream: asSent, asPost: false };
  const upstream = planUpstream({ ...question, method: "POST", graphql: true });
  const asPost = upstream.kind === "header";
  return { ...forward, upstream: asPost ? upstream : asSent, asPost };
}

/** Whether a GET asks for what Commerce may answer differently to each shopper. */
export function isPersonalGet(
  { website }: Pick<GraphqlQuestion, "website">,
  document: GraphqlDocument,
): boolean {
  if (document.operation !== "query") return false;
  return document.roots.some(({ name }) => !isPublic(name, website));
}

/**
 * Root fields whose answers Commerce lets caches keep (Adobe's "GraphQL caching" page); in one document with
 * another one, none is kept.
 */
const publicFields: ReadonlySet<string> = new Set([
  "attributesForm",
  "attributesList",
  "availableStores",
  "categories",
  "category",
  "categoryList",
  "cmsBlocks",
  "cmsPage",
  "countries",
  "country",
  "currency",
  "customAttributeMetadata",
  "customAttributeMetadataV2",
  "products",
  "route",
  "storeConfig",
  "urlResolver",
]);

function isPublic(name: string, website: GraphqlQuestion["website"]): boolean {
  if (website.graphqlPrivateFields.includes(name)) return false;
  return name.startsWith("__") || publicFields.has(name) || website.graphqlPublicFields.includes(name);
}

function planCart(question: GraphqlQuestion): CartOfferPlan {
  const { reading, offers, membership, fresh, note, website, nowMs } = question;
  if (reading.kind !== "document" || offers === null) return noOffers;
  const { document, request } = reading;
  const { variables } = request;
  const limits = website.graphqlLimits;
  return planCartOffer({ document, variables, offers, membership, fresh, note, limits, nowMs });
}

/** Who is signed in changes with these, as it does with Luma's own login and logout. */
export function changesCustomerToken(
  document: GraphqlDocument,
  variables: GraphqlRequest["variables"],
): boolean {
  return document.roots.some(
    (root) =>
      /^(?:generate|revoke|exchange)\w*Customer\w*Token/.test(root.name) &&
      isIncluded(root, document, variables),
  );
}
