/** The `text/x-magento-init` scripts: configuration that Luma's pages carry for RequireJS modules. */

import { encodeJson, escapeScript } from "../escaper.ts";
import { link, type Visit } from "../visit.ts";

/** Laid out as Magento's templates lay it out: indented, with spaces nobody asked for. */
export function magentoInit(selector: string, components: Readonly<Record<string, unknown>>): string {
  const body = Object.entries(components).map(
    ([name, config]) =>
      `                "${name}": ${JSON.stringify(config).replaceAll("/", "\\/")}            `,
  );
  return `<script type="text/x-magento-init">
    {
        "${selector}": {
${body.join(",\n")}}
    }
    </script>`;
}

export function uiComponents(selector: string, components: Readonly<Record<string, unknown>>): string {
  return magentoInit(selector, { "Magento_Ui/js/core/app": { components } });
}

/** The names by which Commerce's own scripts know a page. */
export interface Route {
  readonly route: string;
  readonly controller: string;
  readonly action: string;
}

/** What follows the page's form key: the sign-in dialog, the private sections and the page cache. */
export function sectionScripts(visit: Visit, { route, controller, action }: Route): string {
  const uri = visit.url.pathname;
  const popup = encodeJson({ autocomplete: "off", baseUrl: link(visit, "") });
  return `<div id="authenticationPopup" data-bind="scope:'authenticationPopup', style: {display: 'none'}">
        <script>window.authenticationPopup = ${popup}</script>    <!-- ko template: getTemplate() --><!-- /ko -->
        ${uiComponents("#authenticationPopup", authenticationPopup)}
</div>
${magentoInit("*", {
  "Magento_Customer/js/section-config": {
    sections: sectionsByAction,
    clientSideSections: ["checkout-data", "cart-data"],
    baseUrls: [link(visit, "")],
    sectionNames: ["messages", "customer", "compare-products", "cart", "directory-data", "persistent"],
  },
})}
<script type="text/x-magento-init">
    {
        "*": {
            "Magento_Customer/js/customer-data": {
                "sectionLoadUrl": "${escapeScript(link(visit, "customer/section/load/"))}",
                "expirableSectionLifetime": 60,
                "expirableSectionNames": ["cart","persistent"],
                "cookieLifeTime": "3600",
                "cookieDomain": "",
                "isLoggedIn": ""
            }
        }
    }
</script>
${magentoInit("body", {
  pageCache: {
    url: link(visit, "page_cache/block/render/"),
    handles: ["default", `${route}_${controller}_${action}`],
    originalRequest: { route, controller, action, uri },
    versionCookieName: "private_content_version",
  },
})}`;
}

const authenticationPopup = {
  authenticationPopup: {
    component: "Magento_Customer/js/view/authentication-popup",
    children: { messages: { component: "Magento_Ui/js/view/messages", displayArea: "messages" } },
  },
};

/** Which private sections a browser throws away after which POST. */
const sectionsByAction: Readonly<Record<string, readonly string[]>> = {
  "stores/store/switch": ["*"],
  "*": ["messages"],
  "customer/account/logout": ["*"],
  "customer/account/loginpost": ["*"],
  "checkout/cart/add": ["cart", "directory-data"],
  "checkout/cart/delete": ["cart"],
  "checkout/cart/updatepost": ["cart"],
  "checkout/cart/couponpost": ["cart"],
  "rest/*/v1/guest-carts/*/payment-information": ["cart", "checkout-data", "last-ordered-items"],
};
