/** The frame of every Luma page: head, messages, footer, and the scripts that Magento puts in between. */

import { type Caching, pageAnswer } from "../answer.ts";
import { escapeAttribute, escapeHtml, escapeScript } from "../escaper.ts";
import { link, theme, type Visit } from "../visit.ts";
import { header, navigation } from "./header.ts";
import { magentoInit, type Route, sectionScripts, uiComponents } from "./init-script.ts";

export interface Page {
  readonly title: string;
  /** Class of the body, such as `cms-index-index`. */
  readonly bodyClass: string;
  /** The heading that Luma shows over the content; null where the content has its own. */
  readonly heading: string | null;
  readonly route: Route;
  readonly main: string;
  readonly caching: Caching;
}

/** What every page's tag list begins with. */
export const frameTags = ["store", "cms_b", "cms_b_1", "cms_b_footer_links_block"] as const;

const dayInSeconds = 86_400;

export function cacheable(tags: readonly string[]): Caching {
  return { kind: "public", tags: [...frameTags, ...tags], maxAgeSeconds: dayInSeconds };
}

export function sendPage(visit: Visit, page: Page): Promise<Response> {
  return pageAnswer(visit, layOut(visit, page), page.caching);
}

/** The whole document. The same visit gives the same bytes, so that two answers can be compared. */
export function layOut(visit: Visit, page: Page): string {
  return `<!doctype html>
<html lang="${visit.view.lang}">
    <head >
${head(visit, page)}
    </head>
    <body data-container="body"
          data-mage-init='{"loaderAjax": {}, "loader": { "icon": "${theme(visit, "images/loader.svg")}"}}'
        id="html-body" class="${page.bodyClass} page-layout-1column">
${beforeHeader(visit)}<div class="page-wrapper">${header(visit)}${navigation(visit)}
<main id="maincontent" class="page-main"><a id="contentarea" tabindex="-1"></a>
${heading(page)}${messages()}<div class="columns"><div class="column main"><input name="form_key"
   type="hidden" value="${visit.session.formKey}" />${sectionScripts(visit, page.route)}
${page.main}
</div></div></main>${footer(visit)}</div>    </body>
</html>
`;
}

function head(visit: Visit, page: Page): string {
  const base = theme(visit, "").replace(/\/$/, "");
  return `        <script>
    var LOCALE = '${escapeScript(visit.view.locale.replace("_", "-"))}';
    var BASE_URL = '${escapeScript(link(visit, ""))}';
    var require = {
        'baseUrl': '${escapeScript(base)}'
    };</script>        <meta charset="utf-8"/>
<meta name="title" content="${escapeAttribute(page.title)}"/>
<meta name="robots" content="INDEX,FOLLOW"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="format-detection" content="telephone=no"/>
<title>${escapeHtml(page.title)}</title>
<link  rel="stylesheet" type="text/css"  media="all" href="${theme(visit, "css/styles-m.css")}" />
<link  rel="stylesheet" type="text/css"  media="screen and (min-width: 768px)"
   href="${theme(visit, "css/styles-l.css")}" />
<link  rel="icon" type="image/svg+xml" href="${theme(visit, "Magento_Theme/favicon.svg")}" />
<script  type="text/javascript"  src="${theme(visit, "requirejs/require.js")}"></script>
<script  type="text/javascript"  src="${theme(visit, "mage/requirejs/mixins.js")}"></script>
<script  type="text/javascript"  src="${theme(visit, "requirejs-config.js")}"></script>
<script  type="text/javascript"  defer  src="${theme(visit, "js/customer-data.js")}"></script>
<script  type="text/javascript"  defer  src="${theme(visit, "js/storefront.js")}"></script>${webSdkTag(visit)}
<link rel="preload" as="font" crossorigin="anonymous" href="${theme(visit, "fonts/familjen-grotesk.woff2")}"
   />            ${magentoInit("*", { "Magento_PageCache/js/form-key-provider": { isPaginationCacheEnabled: 0 } })}`;
}

/** The merchant's tag. It loads Adobe's file later, when the page stands. */
export function webSdkTag(visit: Visit): string {
  if (visit.webSdk === null) return "";
  const { datastreamId, organizationId } = visit.webSdk;
  return `
<script  type="text/javascript"  defer  src="${theme(visit, "js/web-sdk.js")}"
   data-script="${theme(visit, "js/alloy.js")}" data-datastream-id="${escapeAttribute(datastreamId)}"
   data-organization-id="${escapeAttribute(organizationId)}"></script>`;
}

function beforeHeader(visit: Visit): string {
  const cookies = { expires: null, path: "/", domain: `.${new URL(visit.base).hostname}`, secure: false };
  return `        
<div class="cookie-status-message" id="cookie-status">
    The store will not work correctly when cookies are disabled.</div>
<script type="text&#x2F;javascript">document.querySelector("#cookie-status").style.display = "none";</script>
${magentoInit("*", { cookieStatus: {} })}
${magentoInit("*", { "mage/cookies": { ...cookies, lifetime: "3600" } })}
    <noscript>
        <div class="message global noscript">
            <div class="content">
                <p>
                    <strong>JavaScript seems to be disabled in your browser.</strong>
                    <span>
                        The shop works without it; the mini cart stays empty.                    </span>
                </p>
            </div>
        </div>
    </noscript>

<script>
    window.cookiesConfig = window.cookiesConfig || {};
    window.cookiesConfig.secure = false;
</script><script>    require.config({
        map: {
            '*': {
                wysiwygAdapter: 'mage/adminhtml/wysiwyg/tiny_mce/tinymceAdapter'
            }
        }
    });</script>`;
}

function heading(page: Page): string {
  if (page.heading === null) return "";
  return `<div class="page-title-wrapper">
    <h1 class="page-title"
                >
        <span class="base" data-ui-id="page-title-wrapper" >${escapeHtml(page.heading)}</span>    </h1>
    </div>
`;
}

function messages(): string {
  const each = (
    source: string,
  ) => `    <div aria-atomic="true" role="alert" class="messages" data-bind="foreach: {
        data: ${source}, as: 'message'
    }">
        <div data-bind="attr: {
            class: 'message-' + message.type + ' ' + message.type + ' message',
            'data-ui-id': 'message-' + message.type
        }">
            <div data-bind="html: $parent.prepareMessageForHtml(message.text)"></div>
        </div>
    </div>`;
  return `<div class="page messages"><div data-placeholder="messages"></div>
<div data-bind="scope: 'messages'">
    <!-- ko if: cookieMessagesObservable() && cookieMessagesObservable().length > 0 -->
${each("cookieMessagesObservable()")}
    <!-- /ko -->

${each("messages().messages")}
</div>

${uiComponents("*", { messages: { component: "Magento_Theme/js/view/messages" } })}
</div>`;
}

function footer(visit: Visit): string {
  const { texts } = visit.view;
  const promises = texts.promises
    .map(([title, text]) => `<li><strong>${escapeHtml(title)}</strong><span>${escapeHtml(text)}</span></li>`)
    .join("");
  return `<footer class="page-footer"><div class="footer content"><ul class="footer-promises">${promises}</ul>
<p class="footer-note"><span>${escapeHtml(texts.footer)}</span></p></div></footer>${uiComponents("*", { "storage-manager": { component: "Magento_Catalog/js/storage-manager" } })}`;
}
