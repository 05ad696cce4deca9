/** The page of the fidelity suite, and how to see that nothing but its hero is another. */

const HERO = /<section id="hero"[^>]*>[\s\S]*?<\/section>/;

const card = (n: number) =>
  `<li class=item data-bind="scope: 'card-${n}'"><!-- ko if: isVisible() --><b>shoe ${n} &amp; más — 靴</b>` +
  `<!-- /ko --><script type="text/x-magento-init">{"*":{"n":${n},"t":"<\\/p>"}}</script>\n</li>`;

export const PAGE = `<!DOCTYPE html>
<html lang=en><head><meta charset=utf-8><title>A shop</title><!--[if IE]><p>old</p><![endif]--></head>
<body class="cms-home cms-index-index"><section id="hero" class='hero'><h1>For everybody</h1></section>
<ul>${Array.from({ length: 120 }, (_, n) => card(n)).join("\n")}</ul><p>unclosed<br/>
<input value="a &quot; b" disabled></body></html>
`;

/** In an encoding that nobody knows: 0xE9 is no UTF-8. */
export const LETTER = Buffer.from("caf\u00e9</p>", "latin1");
export const LATIN = Buffer.concat([
  Buffer.from('<html><body class="cms-home"><section id="hero">x</section><p>'),
  LETTER,
  Buffer.from("</body></html>"),
]);

/** As a theme writes that keeps its state in the page: one attribute, after the hero. */
export function withAttribute(bytes: number): string {
  return PAGE.replace("<ul>", `<ul data-state="${"state ".repeat(bytes / 6)}">`);
}

/** A page without its hero: what no edit of a hero may change. */
function outsideHero(html: string): string {
  return html.replace(HERO, "");
}

/** null where they are one; else where they part. */
export function difference(expected: string, actual: string): string | null {
  const [one, other] = [outsideHero(expected), outsideHero(actual)];
  if (one === other) return null;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const part = (text: string) => JSON.stringify(text.slice(at, at + 24));
  return `byte ${at}: ${part(other)} instead of ${part(one)}`;
}
