/** One product in a grid, with everything that Luma wraps around a name, a picture and a price. */

import { imagePath, type Product } from "../catalog.ts";
import { encodeAddress, escapeAttribute, escapeHtml } from "../escaper.ts";
import { formatPrice } from "../store-view.ts";
import { link, mediaLink, type Visit } from "../visit.ts";
import { magentoInit } from "./init-script.ts";

const priceFormat = {
  pattern: "$%s",
  precision: 2,
  requiredPrecision: 2,
  decimalSymbol: ".",
  groupSymbol: ",",
  groupLength: 3,
  integerRequired: false,
};

export function productGrid(visit: Visit, products: readonly Product[]): string {
  const items = products.map((product) => productItem(visit, product));
  return `        <div class="products wrapper grid products-grid">
        <ol class="products list items product-items">
                                    ${items.join("                        ")}
        </ol>
    </div>`;
}

export function priceBox(visit: Visit, product: Product): string {
  return `<div class="price-box price-final_price" data-role="priceBox" data-product-id="${product.id}"
     data-price-box="product-id-${product.id}">
    

<span class="price-container price-final_price&#x20;tax&#x20;weee"
        >
        <span  id="product-price-${product.id}"                data-price-amount="${product.cents / 100}"
        data-price-type="finalPrice"
        class="price-wrapper "
    ><span class="price">${formatPrice(product.cents, visit.view)}</span></span>
        </span>

</div>`;
}

export function swatches(visit: Visit, product: Product, place: string): string {
  const sizes = ["XS", "S", "M", "L", "XL"].map((label, index) => ({
    id: String(166 + index),
    label,
    products: [String(product.id * 10 + index)],
  }));
  const colors = [{ id: "50", label: product.colors.name, products: sizes.flatMap((size) => size.products) }];
  const attributes = {
    "143": { id: "143", code: "size", label: "Size", options: sizes, position: "0" },
    "93": { id: "93", code: "color", label: "Color", options: colors, position: "1" },
  };
  return `<div class="swatch-opt-${product.id}"
         data-role="swatch-option-${product.id}"><span class="swatch-color"
            style="background:${product.colors.main}"></span> ${escapeHtml(product.colors.name)}</div>

    ${magentoInit(`[data-role=swatch-option-${product.id}]`, {
      "Magento_Swatches/js/swatch-renderer": {
        selectorProduct: place,
        onlySwatches: true,
        enableControlLabel: false,
        numberToShow: 16,
        jsonConfig: {
          attributes,
          template: "$<%- data.price %>",
          currencyFormat: "$%s",
          optionPrices: Object.fromEntries(
            sizes.flatMap((size) => size.products).map((id) => [id, prices(product)]),
          ),
          productId: String(product.id),
          chooseText: "Choose an Option...",
          images: [],
        },
        jsonSwatchConfig: {
          "93": { "50": { type: "1", value: product.colors.main, label: product.colors.name } },
        },
        mediaCallback: link(visit, "swatches/ajax/media/"),
        showTooltip: 1,
      },
    })}`;
}

function prices(product: Product) {
  const amount = product.cents / 100;
  return {
    baseOldPrice: { amount },
    oldPrice: { amount },
    basePrice: { amount },
    finalPrice: { amount },
    tierPrices: [],
    msrpPrice: { amount: null },
  };
}

function productItem(visit: Visit, product: Product): string {
  const page = link(visit, `${product.key}.html`);
  const back = encodeAddress(visit.base + visit.url.pathname.slice(1));
  const { texts } = visit.view;
  return `<li class="item product product-item">
                <div class="product-item-info"
                     id="product-item-info_${product.id}"
                     data-container="product-grid">
                                                            <a href="${page}"
                       class="product photo product-item-photo"
                       tabindex="-1">
                        <span class="product-image-container product-image-container-${product.id}">
    <span class="product-image-wrapper">
        <img class="product-image-photo"
                        src="${mediaLink(visit, imagePath(product.sku))}"
            loading="lazy"
            width="240"
            height="300"
            alt="${escapeAttribute(`${product.name}, ${product.colors.name}`)}"/></span>
</span>
<style>.product-image-container-${product.id} {
    width: 240px;
    height: auto;
    aspect-ratio: 240 / 300;
}
@supports not (aspect-ratio: auto) { 
    .product-image-container-${product.id} span.product-image-wrapper {
        padding-bottom: 125%;
    }
}</style>                    </a>
                    <div class="product details product-item-details">
                                                <strong class="product name product-item-name">
                            <a class="product-item-link"
                               href="${page}">
                                ${escapeHtml(product.name)}                            </a>
                        </strong>
                        <p class="product-item-blurb">${escapeHtml(product.blurb)}</p>
                        ${priceBox(visit, product)}
                        ${swatches(visit, product, ".product-item-details")}
    ${magentoInit(`[data-role=priceBox][data-price-box=product-id-${product.id}]`, {
      priceBox: { priceConfig: { priceFormat, prices: prices(product) } },
    })}

                        <div class="product-item-inner">
                            <div class="product actions product-item-actions">
                                <div class="actions-primary">
                                                                                                                    <form data-role="tocart-form"
                                              data-product-sku="${product.sku}"
                                              action="${link(visit, `checkout/cart/add/uenc/${back}/product/${product.id}/`)}"
                                              data-mage-init='{"catalogAddToCart": {}}'
                                              method="post">
                                            <input type="hidden"
                                                   name="product"
                                                   value="${product.id}">
                                            <input type="hidden"
                                                   name="uenc"
                                                   value="${back}">
                                            <input name="form_key" type="hidden"
                                               value="${visit.session.formKey}"
                                               />                                            <button
                                               type="submit"
                                                    title="${escapeAttribute(texts.addToCart)}"
                                                    aria-label="${escapeHtml(`${texts.addToCart}: ${product.name}`)}"
                                                    class="action tocart primary"
                                                    >
                                                <span>${escapeHtml(texts.addToCart)}</span>
                                            </button>
                                        </form>
                                                                    </div>
                                                            </div>
                                                    </div>
                    </div>
                </div>
                            </li>
`;
}
