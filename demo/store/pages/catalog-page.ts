/** Category pages, search results and product pages. */

import { type Category, imagePath, type Product, productsIn, searchProducts } from "../catalog.ts";
import { encodeAddress, escapeAttribute, escapeHtml } from "../escaper.ts";
import { rotator } from "../rotator.ts";
import { link, mediaLink, type Visit } from "../visit.ts";
import { magentoInit } from "./init-script.ts";
import { cacheable, sendPage } from "./layout.ts";
import { priceBox, productGrid, swatches } from "./product-item.ts";

export function serveCategory(visit: Visit, category: Category): Promise<Response> {
  const products = productsIn(category);
  const name = visit.view.texts[category.key];
  const tags = [
    `cat_c_${category.id}`,
    `cat_c_p_${category.id}`,
    "cat_p",
    ...products.map((one) => `cat_p_${one.id}`),
  ];
  return sendPage(visit, {
    title: name,
    bodyClass: `page-with-filter page-products categorypath-${category.key} catalog-category-view`,
    heading: name,
    route: { route: "catalog", controller: "category", action: "view" },
    main: `<div class="category-view"><div class="category-image"><img src="${mediaLink(visit, "wysiwyg/hero-day.svg")}" alt="${escapeAttribute(name)}" title="${escapeAttribute(name)}" class="image" loading="lazy" width="1600" height="700" /></div><div
       class="category-description"><p>${escapeHtml(category.intro)}</p></div></div>
${category.key === "men" ? rotator(visit, [2, 3, 1]) : ""}${toolbar(visit, products.length)}
${productGrid(visit, products)}`,
    caching: cacheable(tags),
  });
}

export function serveSearch(visit: Visit): Promise<Response> {
  const words = visit.url.searchParams.get("q") ?? "";
  const products = searchProducts(words);
  const none = `<div class="message notice"><div>Your search returned no results.</div></div>`;
  return sendPage(visit, {
    title: `Search results for: '${words}'`,
    bodyClass: "page-products catalogsearch-result-index",
    heading: `Search results for: '${words}'`,
    route: { route: "catalogsearch", controller: "result", action: "index" },
    main:
      products.length === 0 ? none : `${toolbar(visit, products.length)}\n${productGrid(visit, products)}`,
    caching: cacheable(["cat_p", ...products.map((product) => `cat_p_${product.id}`)]),
  });
}

export function serveProduct(visit: Visit, product: Product): Promise<Response> {
  return sendPage(visit, {
    title: product.name,
    bodyClass: `product-${product.key} catalog-product-view`,
    heading: null,
    route: { route: "catalog", controller: "product", action: "view" },
    main: gallery(visit, product) + productInfo(visit, product) + productDetails(visit, product),
    caching: cacheable([`cat_p_${product.id}`, "cat_p"]),
  });
}

function toolbar(visit: Visit, count: number): string {
  return `                <div class="toolbar toolbar-products"
     data-mage-init='{"productListToolbarForm":{"mode":"product_list_mode","direction":"product_list_dir","order":"product_list_order","limit":"product_list_limit","modeDefault":"grid","directionDefault":"asc","orderDefault":"position","limitDefault":12,"formKey":"${visit.session.formKey}","post":false}}'>
                        <p class="toolbar-amount" id="toolbar-amount">
            <span class="toolbar-number">${count}</span> ${visit.view.texts.items}    </p>
                        </div>`;
}

function gallery(visit: Visit, product: Product): string {
  const image = mediaLink(visit, imagePath(product.sku));
  const data = [
    { thumb: image, img: image, full: image, caption: "Image", position: "1", isMain: true, type: "image" },
  ];
  const options = { nav: "thumbs", loop: true, keyboard: true, arrows: true, allowfullscreen: true };
  return `<div class="product media"><a id="gallery-prev-area" tabindex="-1"></a>
<div class="gallery-placeholder _block-content-loading" data-gallery-role="gallery-placeholder">
    <img
        alt="${escapeAttribute(`${product.name}, ${product.colors.name}`)}"
        class="gallery-placeholder__image"
        src="${image}"
        width="700"        height="875"    />
    <link itemprop="image" href="${image}">
</div>
${magentoInit("[data-gallery-role=gallery-placeholder]", { "mage/gallery/gallery": { data, options } })}
<a id="gallery-next-area" tabindex="-1"></a>
</div>`;
}

function productInfo(visit: Visit, product: Product): string {
  const { texts } = visit.view;
  const back = encodeAddress(visit.base + visit.url.pathname.slice(1));
  return `<div class="product-info-main"><div class="page-title-wrapper&#x20;product">
    <h1 class="page-title"
                >
        <span class="base" data-ui-id="page-title-wrapper"
           itemprop="name">${escapeHtml(product.name)}</span>    </h1>
    </div>
<p class="product-blurb">${escapeHtml(product.blurb)}</p>
<div class="product-info-price">${priceBox(visit, product)}<div class="product-info-stock-sku">
            <div class="stock available" title="Availability">
            <span>${escapeHtml(texts.inStock)}</span>
        </div>
    
<div class="product attribute sku">
            <strong class="type">SKU</strong>
        <div class="value" itemprop="sku">${product.sku}</div>
</div>
</div></div>
${swatches(visit, product, ".product-info-main")}

<div class="product-add-form">
    <form data-product-sku="${product.sku}"
          action="${link(visit, `checkout/cart/add/uenc/${back}/product/${product.id}/`)}" method="post"
          data-role="tocart-form"
          id="product_addtocart_form">
        <input type="hidden" name="product" value="${product.id}" />
        <input type="hidden" name="selected_configurable_option" value="" />
        <input type="hidden" name="related_product" id="related-products-field" value="" />
        <input type="hidden" name="item"  value="${product.id}" />
        <input name="form_key" type="hidden" value="${visit.session.formKey}"
           />                            <div class="box-tocart">
    <div class="fieldset">
                <div class="field qty">
            <label class="label" for="qty"><span>${escapeHtml(texts.quantity)}</span></label>
            <div class="control">
                <input type="number"
                       name="qty"
                       id="qty"
                       min="1"
                       value="1"
                       title="${escapeAttribute(texts.quantity)}"
                       class="input-text qty"
                       data-validate="{&quot;required-number&quot;:true,&quot;validate-item-quantity&quot;:{&quot;maxAllowed&quot;:10000}}"
                       />
            </div>
        </div>
                <div class="actions">
            <button type="submit"
                    title="${escapeAttribute(texts.addToCart)}"
                    class="action primary tocart"
                    id="product-addtocart-button">
                <span>${escapeHtml(texts.addToCart)}</span>
            </button>
            
<div id="instant-purchase" data-bind="scope:'instant-purchase'">
    <!-- ko template: getTemplate() --><!-- /ko -->
</div>
        </div>
    </div>
</div>
${magentoInit("#product_addtocart_form", { "Magento_Catalog/js/validate-product": {} })}
        
                    </form>
</div>
</div>`;
}

function productDetails(visit: Visit, product: Product): string {
  return `    <div class="product info detailed">
                <div class="product data items" data-mage-init='{"tabs":{"openedState":"active"}}'>
                    <h2 class="data item title active"
                       id="tab-label-description">${escapeHtml(visit.view.texts.details)}</h2>
                <div class="data item content"
                     aria-labelledby="tab-label-description"
                     id="description" data-role="content">
                    
<div class="product attribute description">
        <div class="value" ><p>${escapeHtml(product.description)}</p>
<ul>
${product.details.map((detail) => `<li>${escapeHtml(detail)}</li>`).join("\n")}
</ul></div>
</div>
                </div>
            </div>
    </div>
`;
}
