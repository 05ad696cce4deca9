/** The top of every page: language, sign-in, logo, mini cart, search and navigation. */

import { categories } from "../catalog.ts";
import { encodeAddress, encodeJson, escapeAttribute, escapeHtml } from "../escaper.ts";
import { storeViews } from "../store-view.ts";
import { link, theme, type Visit } from "../visit.ts";
import { uiComponents } from "./init-script.ts";

export function header(visit: Visit): string {
  const { texts } = visit.view;
  const referer = encodeAddress(visit.base + visit.url.pathname.slice(1));
  return `<header class="page-header"><div class="panel wrapper"><div class="panel header"><a
     class="action skip contentarea"
   href="#contentarea">
    <span>
        ${texts.skip}    </span>
</a>
<p class="panel-promise">${escapeHtml(texts.welcome)}</p>
${switcher(visit)}<ul class="header links">    <li class="greet welcome" data-bind="scope: 'customer'">
        <!-- ko if: customer().fullname  -->
        <span class="logged-in" data-template="${escapeAttribute(texts.hello)}"
              data-bind="text: new String('${texts.hello}').
              replace('%1', customer().fullname)">
        </span>
        <!-- /ko -->
    </li>
        ${uiComponents("*", { customer: { component: "Magento_Customer/js/view/customer" } })}
<li class="link authorization-link" data-label="or">
    <a href="${link(visit, `customer/account/login/referer/${referer}/`)}"        >${texts.signIn}</a>
</li>
</ul></div></div><div class="header content"><button type="button" data-action="toggle-nav"
   class="action nav-toggle"
        aria-expanded="false" aria-controls="store.menu"><span>${texts.menu}</span></button>
<a
    class="logo"
    href="${link(visit, "")}"
    title=""
    aria-label="Tarnfell">
    <img src="${theme(visit, "images/logo.svg")}"
         title=""
         alt=""
            width="34" height="34"                /><span class="logo-name">Tarnfell</span>
</a>

${miniCart(visit)}
${search(visit)}
</div></header>`;
}

function miniCart(visit: Visit): string {
  const { texts } = visit.view;
  const checkout = {
    shoppingCartUrl: link(visit, "checkout/cart/"),
    checkoutUrl: link(visit, "checkout/"),
    removeItemUrl: link(visit, "checkout/sidebar/removeItem/"),
    baseUrl: link(visit, ""),
    minicartMaxItemsVisible: 5,
    websiteId: "1",
    maxItemsToDisplay: 10,
    storeId: visit.view.id,
  };
  const count = "getCartParam('summary_count')";
  const component = {
    minicart_content: { component: "Magento_Checkout/js/view/minicart", config: { itemRenderer: {} } },
  };
  return `<div data-block="minicart" class="minicart-wrapper">
    <a class="action showcart" href="${link(visit, "checkout/cart/")}"
       data-bind="scope: 'minicart_content'">
        <span class="text">${texts.cart}</span>
        <span class="counter qty empty"
              data-bind="css: { empty: !!${count} == false && !isLoading() },
               blockLoader: isLoading">
            <span class="counter-number">
                <!-- ko if: ${count} -->
                <!-- ko text: ${count}.toLocaleString(window.LOCALE) --><!-- /ko -->
                <!-- /ko -->
            </span>
            <span class="counter-label">
            <!-- ko if: ${count} -->
                <!-- ko i18n: 'items' --><!-- /ko -->
            <!-- /ko -->
            </span>
        </span>
        <span class="minicart-total" data-role="minicart-total" aria-live="polite"></span>
    </a>
            <div class="block block-minicart"
             data-role="dropdownDialog"
             data-mage-init='{"dropdownDialog":{
                "appendTo":"[data-block=minicart]",
                "triggerTarget":".showcart",
                "timeout": "2000",
                "closeOnEscape": true,
                "buttons":[]}}'>
            <div id="minicart-content-wrapper" data-bind="scope: 'minicart_content'">
                <!-- ko template: getTemplate() --><!-- /ko -->
            </div>
                    </div>
        <script>window.checkout = ${encodeJson(checkout)}</script>    ${uiComponents("[data-block='minicart']", component)}
</div>`;
}

function search(visit: Visit): string {
  const { texts } = visit.view;
  return `<div class="block block-search">
    <div class="block block-content">
        <form class="form minisearch" id="search_mini_form"
              action="${link(visit, "catalogsearch/result/")}" method="get" role="search">
                        <div class="field search">
                <label class="label" for="search" data-role="minisearch-label">
                    <span>${texts.search}</span>
                </label>
                <div class="control">
                    <input id="search"
                           data-mage-init='{
                            "quickSearch": {
                                "formSelector": "#search_mini_form",
                                "minSearchLength": "3"
                            }
                        }'
                           type="text"
                           name="q"
                           value=""
                           placeholder="${escapeAttribute(texts.searchHint)}"
                           class="input-text"
                           maxlength="128"
                           autocomplete="off"/>
                </div>
            </div>
            <div class="actions">
                <button type="submit"
                        title="${texts.search}"
                        class="action search"
                >
                    <span>${texts.search}</span>
                </button>
            </div>
        </form>
    </div>
</div>`;
}

/** A real store in Varnish mode sends `<esi:include>` here, and without an ESI processor no navigation. */
export function navigation(visit: Visit): string {
  const items = categories.map((category, index) => {
    const here = visit.path === `/${category.key}.html`;
    return `<li  class="level0 nav-${index + 1} category-item${here ? " active" : ""} level-top"><a
       href="${link(visit, `${category.key}.html`)}"  class="level-top"${here ? ' aria-current="page"' : ""}
       ><span>${visit.view.texts[category.key]}</span></a></li>`;
  });
  return `    <div class="sections nav-sections">
                <div class="section-items nav-sections-items"
             data-mage-init='{"tabs":{"openedState":"active"}}'>
                <div class="section-item-content nav-sections-item-content"
                     id="store.menu"
                     data-role="content">
<nav class="navigation" data-action="navigation" aria-label="${visit.view.texts.menu}">
    <ul data-mage-init='{"menu":{"responsive":true, "expanded":true, "position":{"my":"left top","at":"left bottom"}}}'>
        ${items.join("")}            </ul>
</nav>
                </div>
            </div>
    </div>`;
}

function switcher(visit: Visit): string {
  const target = (prefix: string) => encodeAddress(visit.base + prefix + visit.path.slice(1));
  const options = storeViews.map((view) => {
    if (view === visit.view) {
      return `<li class="view-${view.code} switcher-option current"
         aria-current="true"><strong><span>${view.name}</span></strong></li>`;
    }
    const from = `___store/${view.code}/___from_store/${visit.view.code}`;
    const path = `stores/store/redirect/${from}/uenc/${target(view.prefix)}/`;
    return `<li class="view-${view.code} switcher-option">
                            <a href="${visit.base}${visit.view.prefix}${path}" hreflang="${view.lang}"
                               lang="${view.lang}">
                                ${view.name}                            </a>
                        </li>`;
  });
  return `        <div class="switcher language switcher-language" data-ui-id="language-switcher"
     id="switcher-language">
        <strong class="label switcher-label"><span>${visit.view.texts.language}</span></strong>
            <ul class="switcher-options"
                data-target="dropdown">
                                    ${options.join("\n                                    ")}
                                                </ul>
    </div>
`;
}
