/** Adobe Commerce's rotator: an empty shell in the page that names dynamic blocks, and which of them a shopper gets. */

import { parseAudienceId } from "./audience.ts";
import type { BlockLocation, CommerceBlock, ContentProblem } from "./commerce-content.ts";
import { blockUid, parseBlockUid } from "./dynamic-block/uid.ts";
import { isTrusted, type Membership, type Trust } from "./membership.ts";
import { fail, ok, type Result } from "./result.ts";

/** As Magento_Banner's `widget/block.phtml` writes them; null: the element has no such attribute. */
export interface ShellAttributes {
  readonly dataBind: string | null;
  readonly uids: string | null;
  readonly ids: string | null;
  readonly displayMode: string | null;
  readonly types: string | null;
  readonly rotate: string | null;
}

export interface Shell {
  /** In the order in which they are shown. */
  readonly uids: readonly string[];
  /** Only blocks of these; none: of all. */
  readonly locations: readonly BlockLocation[];
  /** One of them at a time. */
  readonly rotates: boolean;
}

export type ShellProblem =
  | "no-rotator"
  /** Which blocks these are depends on the cart or the product. */
  | "price-rule-blocks"
  | "no-blocks-named"
  /** More than Commerce answers at once. */
  | "too-many-blocks";

export type BlockReason =
  | "for-everyone"
  | "in-audience"
  | "not-in-audience"
  | "no-membership"
  | "not-verified"
  /** Another block of the rotator has its turn. */
  | "other-turn";

export interface BlockChoice {
  readonly block: string;
  readonly shown: boolean;
  readonly reason: BlockReason;
}

export type FillProblem =
  | ContentProblem
  | ShellProblem
  /** Commerce does not give one of them: switched off, or for whom GraphQL does not ask. */
  | "block-missing"
  /** The page's policy would refuse it. */
  | "content-policy"
  | "no-membership"
  | "not-verified";

/** `html` is null where the shell stays as it is, for the reason told; empty where nothing is for this shopper. */
export type Filled =
  | { readonly html: string; readonly reason: null; readonly blocks: readonly BlockChoice[] }
  | { readonly html: null; readonly reason: FillProblem; readonly blocks: readonly BlockChoice[] };

const locations: Readonly<Record<string, BlockLocation>> = {
  content: "CONTENT",
  header: "HEADER",
  footer: "FOOTER",
  leftcol: "LEFT",
  rightcol: "RIGHT",
};

/** Whether Knockout fills it: its binding takes over whatever is in it. */
export function isShell(dataBind: string | null): boolean {
  return /(?:^|[\s,{])scope\s*:\s*(?:'|"|&#0*39;|&apos;|&quot;)banner(?:'|"|&#0*39;|&apos;|&quot;)/.test(
    dataBind ?? "",
  );
}

/** Older releases have numbers alone (`data-ids`). */
export function readShell(attributes: ShellAttributes, maxBlocks: number): Result<Shell, ShellProblem> {
  const { dataBind, displayMode, ids, types, rotate } = attributes;
  if (!isShell(dataBind)) return fail("no-rotator");
  if (displayMode !== null && displayMode !== "fixed") return fail("price-rule-blocks");
  const uids = list(attributes.uids).filter((uid) => parseBlockUid(uid) !== null);
  const numbered = list(ids).filter((id) => /^[1-9]\d{0,9}$/.test(id));
  const named = uids.length > 0 ? uids : numbered.map((id) => blockUid(Number(id)));
  if (named.length === 0) return fail("no-blocks-named");
  if (named.length > maxBlocks) return fail("too-many-blocks");
  const places = list(types).map((type) => locations[type]);
  if (places.includes(undefined)) return fail("no-rotator");
  return ok({
    uids: [...new Set(named)],
    locations: places.filter((place) => place !== undefined),
    rotates: rotate !== null && rotate.trim() !== "",
  });
}

function list(written: string | null): string[] {
  const parts = (written ?? "").split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

/** What is asked of whoever looks at a rotator. */
export interface Onlooker {
  readonly membership: Membership;
  /** The banner's: what a membership must be to count. */
  readonly trust: Trust;
  /** From 0 up to 1: whose turn it is. A browser's own series is in its storage, where nobody else sees it. */
  readonly chance: number;
}

/**
 * As the extension's own script would with the same membership: blocks for everyone, and those for an audience of the
 * shopper's. Where nobody knows the membership and no block is for everyone, the shell is left to that script.
 */
export function fillShell(shell: Shell, found: readonly CommerceBlock[], onlooker: Onlooker): Filled {
  const { membership, trust, chance } = onlooker;
  const leave = (reason: FillProblem): Filled => ({ html: null, reason, blocks: [] });
  const blocks = shell.uids.flatMap((uid) => found.find((block) => block.uid === uid) ?? []);
  // With locations it is Commerce that leaves some out.
  if (blocks.length < shell.uids.length && shell.locations.length === 0) return leave("block-missing");
  const unknown = whyUnknown(membership, trust);
  const judged = blocks.map((block) => ({ block, reason: judge(block, membership, unknown) }));
  const theirs = judged.filter(({ reason }) => reason === "for-everyone" || reason === "in-audience");
  const isForSome = judged.some(({ block }) => block.audiences.length > 0);
  if (theirs.length === 0 && unknown !== null && isForSome) return leave(unknown);
  const turn = Math.min(Math.floor(chance * theirs.length), theirs.length - 1);
  const shown = shell.rotates ? theirs.slice(Math.max(turn, 0), turn + 1) : theirs;
  const items: { uid: string; html: string }[] = [];
  for (const { block } of shown) {
    if (!block.content.ok) return leave(block.content.error);
    items.push({ uid: block.uid, html: block.content.value });
  }
  const isShown = (one: (typeof judged)[number]) => shown.includes(one);
  return {
    html: rotatorHtml(items),
    reason: null,
    blocks: judged.map((one) => ({
      block: one.block.uid,
      shown: isShown(one),
      reason: theirs.includes(one) && !isShown(one) ? "other-turn" : one.reason,
    })),
  };
}

function judge(
  { audiences }: CommerceBlock,
  membership: Membership,
  unknown: "no-membership" | "not-verified" | null,
): BlockReason {
  if (audiences.length === 0) return "for-everyone";
  if (unknown !== null || membership.kind === "none") return unknown ?? "no-membership";
  const isMember = audiences.some((written) => {
    const id = parseAudienceId(written);
    return id !== null && membership.audiences.has(id);
  });
  return isMember ? "in-audience" : "not-in-audience";
}

function whyUnknown(membership: Membership, trust: Trust): "no-membership" | "not-verified" | null {
  if (membership.kind === "none") return "no-membership";
  return isTrusted(membership.trust, trust) ? null : "not-verified";
}

/** As Knockout would have left it, so that the theme's styles find it. */
export function rotatorHtml(
  items: readonly { readonly uid: string | null; readonly html: string }[],
): string {
  const entries = items.map(({ uid, html }) => {
    const id = uid === null ? null : parseBlockUid(uid);
    const named = id === null ? "" : ` data-banner-id="${id}"`;
    return `<li class="banner-item"${named}><div class="banner-item-content">${html}</div></li>`;
  });
  return `<ul class="banner-items">${entries.join("")}</ul>`;
}
