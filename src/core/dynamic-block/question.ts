/** What is asked about the dynamic blocks of a document, and what is told once they are answered. */

import type { Banner, Shopper } from "../banner.ts";
import type { Variables } from "../graphql-document/value.ts";
import type { GraphqlDocument } from "../graphql-document.ts";
import type { Website } from "../website.ts";
import type { BlocksLack } from "./lack.ts";

export interface BlocksQuestion extends Shopper {
  readonly document: GraphqlDocument;
  readonly variables: Variables;
  readonly website: Pick<Website, "code" | "dynamicBlocks" | "trust" | "graphqlLimits">;
  /** What this Commerce is known to lack. */
  readonly lacks: BlocksLack;
  /** Of this website, by the uid that each stands for. */
  readonly banners: ReadonlyMap<string, Banner>;
  /** Whether what is put may be counted; what is previewed carries no mark. */
  readonly marked: boolean;
  /** Commerce shows what it has planned for another day. */
  readonly stagingPreview: boolean;
}

export interface BlocksOutcome {
  /** Blocks of Commerce that were not for this shopper. */
  readonly dropped: number;
  /** Blocks of which Commerce could not say for whom they are; they stay. */
  readonly unread: number;
  /** `as-they-came`: there are more blocks than were asked for at once, or errors among them. */
  readonly counts: "ours" | "as-they-came";
}
