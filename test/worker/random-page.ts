/** Random pages as careless people write them, and random edits of their elements. */

import fc from "fast-check";
import type { Edit } from "../../src/core/page.ts";
import type { Change, HtmlKind } from "../../src/core/put.ts";

/** An element of a page that an edit may name by its number. */
interface Target {
  readonly kind: "target";
  readonly id: number;
  readonly open: string;
  readonly close: string;
  readonly children: readonly Piece[];
}
export type Piece = string | Target;

/** What careless editors change by reading a page and writing it again. */
export const noise: readonly string[] = [
  "a < b && c > d",
  "&nbsp;&copy &notanentity; é 山 🏔 \u00a0\u2028",
  "\r\n\t  ",
  "<br/><BR ><hr class = x>",
  '<img src=a.jpg alt="a > b" data-x=\'"\'>',
  "<p>unclosed <b>bold</b>",
  '<!-- <div id="t0">in a comment</div> -->',
  '<script>if (a < b) c("<div id=t0><\\/div>")</script>',
  '<style>#t0::before { content: "</div>"; }</style>',
  '<textarea><div id="t0">typed</div></textarea>',
  "<input checked disabled value=x>",
  "<svg viewBox='0 0 1 1'><path d=\"M0 0\"/></svg>",
  "</span></i>",
];

const { piece } = fc.letrec<{ piece: Piece; target: Target }>((tie) => ({
  piece: fc.oneof({ maxDepth: 4, depthSize: "small" }, fc.constantFrom(...noise), tie("target")),
  target: fc.record({
    kind: fc.constant("target" as const),
    id: fc.constant(-1),
    open: fc.constantFrom(
      "<div id=t#>",
      "<DIV  ID=\"t#\"\n class='a  b'>",
      '<section data-x="a>b" id="t#" >',
    ),
    close: fc.constant(""),
    children: fc.array(tie("piece"), { maxLength: 4 }),
  }),
}));

/** Gives each target its number, in the order of the page, and the end tag of its own name. */
function number(pieces: readonly Piece[], next: { id: number }): Piece[] {
  return pieces.map((one) => {
    if (typeof one === "string") return one;
    const id = next.id++;
    const close = `</${/^<(\w+)/.exec(one.open)?.[1]?.toLowerCase()} >`;
    const children = number(one.children, next);
    return { ...one, id, open: one.open.replace("#", String(id)), close, children };
  });
}

const html = fc.constantFrom("<b>new</b>", "text", "<i>é</i><br>");
const htmlChange = (...kinds: HtmlKind[]) =>
  fc.record({ kind: fc.constantFrom(...kinds), html }) as fc.Arbitrary<Change>;
const changes = fc.oneof(
  htmlChange("content").map((one) => [one]),
  htmlChange("element").map((one) => [one]),
  fc.constant<Change[]>([{ kind: "remove" }]),
  fc.tuple(htmlChange("before"), htmlChange("append")).map((all) => all),
  fc.tuple(htmlChange("prepend"), htmlChange("after")).map((all) => all),
  fc.constant<Change[]>([{ kind: "class", names: ["vip"] }]),
  fc.constant<Change[]>([{ kind: "attributes", attributes: [["title", 'a "b" & c']] }]),
);

const page = fc.array(piece, { minLength: 1, maxLength: 6 }).map((pieces) => {
  const next = { id: 0 };
  return { pieces: number(pieces, next), count: next.id };
});
export const scene = page.chain(({ pieces, count }) =>
  fc.record({
    pieces: fc.constant(pieces),
    edits: fc.uniqueArray(fc.tuple(fc.nat(Math.max(count, 1)), changes), {
      maxLength: 4,
      selector: ([id]) => id,
    }),
  }),
);

/** What the page is expected to be; edits in what is replaced are lost with it. */
export function write(pieces: readonly Piece[], edits: ReadonlyMap<number, readonly Change[]>): string {
  return pieces.map((one) => (typeof one === "string" ? one : writeTarget(one, edits))).join("");
}

function writeTarget(one: Target, edits: ReadonlyMap<number, readonly Change[]>): string {
  const found = new Map((edits.get(one.id) ?? []).map((change) => [change.kind, change]));
  const put = (kind: HtmlKind) => {
    const change = found.get(kind);
    return change && "html" in change ? change.html : "";
  };
  if (found.has("remove")) return "";
  if (found.has("element")) return put("element");
  const inner = found.has("content") ? put("content") : write(one.children, edits);
  const open = found.has("class") || found.has("attributes") ? `<<t${one.id}>>` : one.open;
  return `${put("before")}${open}${put("prepend")}${inner}${put("append")}${one.close}${put("after")}`;
}

/** The edits of a scene as a plan has them: a banner for each element. */
export function editsOf(edits: readonly (readonly [number, readonly Change[]])[]): Edit[] {
  return edits.map(([id, all]) => ({
    banner: `b${id}`,
    variant: "v",
    selector: `#t${id}`,
    pageTypes: null,
    mark: null,
    put: { kind: "edits", edits: [{ selector: null, changes: all }] },
  }));
}
