/** The pages of the benchmark: 20 KB, 100 KB and 1 MB in the shape of a Luma home, the hero near the top. */

const hero =
  '<section id="hero" class="hero" data-block="home_hero"><h2>Autumn is made for moving</h2>' +
  '<p>Layers that keep up.</p><a class="action primary" href="/women.html">Shop women</a></section>';

export const VARIANT = "<h2>Welcome back</h2><p>Your 20 % is waiting.</p>";

/** The audience that the variant is for. */
export const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";

/** In kilobytes, as they stand in paths. */
export const SIZES = [20, 100, 1000] as const;
export type Size = (typeof SIZES)[number];

function card(n: number): string {
  return `<li class="item product product-item"><div class="product-item-info" data-container="product-grid">
<a href="/product-${n}.html" class="product photo product-item-photo" tabindex="-1">
<span class="product-image-container" style="width:240px;"><span class="product-image-wrapper">
<img class="product-image-photo" src="/media/catalog/product/p-${n}.jpg" loading="lazy" width="240" height="300" alt="Jacket&#x20;${n}"/></span></span></a>
<div class="product details product-item-details"><strong class="product name product-item-name">
<a class="product-item-link" href="/product-${n}.html">Jacket &amp; Trousers ${n}</a></strong>
<div class="price-box price-final_price" data-role="priceBox" data-product-id="${n}"><span class="price">$${n}.00</span></div>
<!-- ko if: isVisible --><div class="swatch-opt-${n}" data-role="swatch-option-${n}" data-bind="scope: 'swatch'"></div><!-- /ko -->
<script type="text/x-magento-init">{"[data-role=swatch-option-${n}]":{"Magento_Swatches/js/swatch-renderer":{"id":${n}}}}</script>
</div></div></li>`;
}

/** About that many bytes, all of them ASCII. */
export function lumaPage(bytes: number): string {
  const head = `<!doctype html><html lang="en"><head><title>Home</title>
<script>var require = {"baseUrl": "/static/version1/frontend/Magento/luma/en_US"};</script></head>
<body class="cms-home cms-index-index page-layout-1column"><div class="page-wrapper"><main id="maincontent">${hero}<ol>`;
  const cards: string[] = [];
  let length = head.length;
  for (let n = 1; length < bytes; n += 1) {
    const text = card(n);
    cards.push(text);
    length += text.length;
  }
  return `${head}${cards.join("\n")}</ol></main></div></body></html>`;
}

/** As HTMLRewriter writes it: the hero's content another, every other byte as it was, but for a mark on the hero. */
export function withVariant(page: string, mark: string | null = null): string {
  const marked = mark === null ? "" : ` data-audience-banner="${mark}"`;
  return page.replace(hero, hero.replace(/>.*<\/section>$/, `${marked}>${VARIANT}</section>`));
}
