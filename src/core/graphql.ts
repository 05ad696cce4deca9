/** The plan of a GraphQL request: what Commerce is told, by which method, and what is changed of the document. */

import type { Banner, Shopper } from "./banner.ts";
import { type CartNote, type CartOfferPlan, planCartOffer } from "./cart-offer.ts";
import type { AnswerPlan } from "./dynamic-block/edge.ts";
import type { BlocksLack } from "./dynamic-block/lack.ts";
import type { BlocksQuestion } from "./dynamic-block/question.ts";
import { type BlocksPlan, planBlocks } from "./dynamic-block.ts";
import type { Splice } from "./graphql-document/splice.ts";
import { isIncluded } from "./graphql-document/value.ts";
import type { GraphqlDocument, UnreadableDocument } from "./graphql-document.ts";
import type { GraphqlRequest, UnreadableRequest } from "./graphql-request.ts";
import type { JsonEdit } from "./json-text.ts";
import type { OfferIndex } from "./offer.ts";
import { planUpstream, type UpstreamPlan, type UpstreamQuestion } from "./upstream.ts";

export interface ReadDocument {
  readonly kind: "document";
  readonly request: GraphqlRequest;
  readonly document: GraphqlDocument;
}

/** What could be read of a request. */
export type GraphqlReading =
  | ReadDocument
  /** `not-needed`: nothing here depends on what it asks. Everything else is Commerce's to judge. */
  | { readonly kind: "unread"; readonly reason: UnreadReason }
  | { readonly kind: "too-long" };

export type UnreadReason =
  | "not-needed"
  | "no-body"
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
      /** Whether another shopper would be answered otherwise: no cache may keep it. */
      readonly personal: boolean;
      readonly cart: CartOfferPlan;
      readonly blocks: BlocksPlan;
      /** On the client's own text. Empty: byte for byte. */
      readonly splices: readonly Splice[];
      /** Of the client's own variables. */
      readonly edits: readonly JsonEdit[];
    }
  /** Nothing is left for Commerce to say. */
  | { readonly kind: "answer"; readonly blocks: AnswerPlan };

type Forward = Extract<GraphqlPlan, { readonly kind: "forward" }>;

export interface GraphqlQuestion extends Omit<UpstreamQuestion, "graphql">, Shopper {
  readonly reading: GraphqlReading;
  readonly offers: OfferIndex | null;
  /** Whether an exclusive code is locked for this shopper. */
  readonly guarded: boolean;
  readonly fresh: boolean;
  readonly note: (cartId: string) => CartNote | null;
  /** What of dynamic blocks this Commerce is known to lack. */
  readonly lacks: BlocksLack;
  /** Whether this Commerce may take several coupons a cart. */
  readonly several: boolean;
  /** What dynamic blocks are chosen by, where somebody previews; nothing else is. */
  readonly view: Pick<BlocksQuestion, "membership" | "nowMs" | "visitor" | "marked">;
  /** Banners that stand for a dynamic block, by its uid. */
  readonly blockBanners: ReadonlyMap<string, Banner>;
  /** Commerce shows what it has planned for another day. */
  readonly stagingPreview: boolean;
}

/** Byte for byte, as it was sent. */
export function planAsSent(upstream: UpstreamPlan): Forward {
  return {
    kind: "forward",
    upstream,
    asPost: false,
    personal: false,
    cart: { kind: "none", reason: "no-offers" },
    blocks: { kind: "none", reason: "no-dynamic-blocks", choices: [], personal: false },
    splices: [],
    edits: [],
  };
}

type Hiding = Pick<GraphqlQuestion, "reading" | "guarded" | "method">;

/** A coupon could hide in it. A GET changes nothing, and where there is no body there is nothing to hide in. */
function mayHideCode({ reading, guarded, method }: Hiding): boolean {
  return reading.kind === "unread" && reading.reason !== "no-body" && guarded && method !== "GET";
}

/** In mode `off` nothing is planned; what an exclusive code could hide in is refused there, too. */
export function planOff(question: Hiding): GraphqlPlan {
  if (question.reading.kind === "too-long") return { kind: "refuse", reason: "body-too-long" };
  if (mayHideCode(question)) return { kind: "refuse", reason: "unreadable" };
  return planAsSent({ kind: "none", reason: "no-membership" });
}

export function planGraphql(question: GraphqlQuestion): GraphqlPlan {
  const { reading, method } = question;
  if (reading.kind === "too-long") return { kind: "refuse", reason: "body-too-long" };
  if (mayHideCode(question)) return { kind: "refuse", reason: "unreadable" };
  const upstream = planUpstream({ ...question, graphql: true });
  if (reading.kind === "unread") return planAsSent(upstream);
  const { document } = reading;
  // A mutation by GET is refused by Commerce; as a POST it would be done.
  if (document.operation !== "query") {
    const cart = method === "POST" ? planCart(question, reading) : planAsSent(upstream).cart;
    return { ...planAsSent(upstream), cart, splices: "splices" in cart ? cart.splices : [] };
  }
  return planQuery(question, reading, upstream);
}

function planQuery(question: GraphqlQuestion, reading: ReadDocument, asSent: UpstreamPlan): GraphqlPlan {
  const { blockBanners: banners, method } = question;
  const { document, request } = reading;
  const { variables } = request;
  const blocks = planBlocks({ ...question, ...question.view, document, variables, banners });
  if (blocks.kind === "answer") return { kind: "answer", blocks };
  const rewritten = blocks.kind !== "none";
  const plan = { ...planAsSent(asSent), blocks, personal: rewritten || blocks.personal };
  const { splices, edits } = rewritten ? blocks : plan;
  if (method !== "GET") return { ...plan, splices, edits };
  const told = isPersonalGet(question, document)
    ? planUpstream({ ...question, method: "POST", graphql: true })
    : asSent;
  const asPost = told.kind === "header" || rewritten;
  return { ...plan, splices, edits, asPost, upstream: told, personal: plan.personal || asPost };
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

function planCart(question: GraphqlQuestion, { document, request }: ReadDocument): CartOfferPlan {
  const { offers, membership, fresh, note, several, website, nowMs } = question;
  if (offers === null) return { kind: "none", reason: "no-offers" };
  const { variables } = request;
  const limits = website.graphqlLimits;
  return planCartOffer({ document, variables, offers, membership, fresh, note, several, limits, nowMs });
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
