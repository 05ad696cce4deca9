/** The home page: the hero that is made to be personalized, a Page Builder banner, and what sells. */

import { findProduct, type Product } from "../catalog.ts";
import { escapeHtml } from "../escaper.ts";
import { link, mediaLink, type Visit } from "../visit.ts";
import { cacheable, sendPage } from "./layout.ts";
import { productGrid } from "./product-item.ts";

const favourites = [101, 201, 102, 401, 501, 301, 504, 502];

export function serveHome(visit: Visit): Promise<Response> {
  const products = favourites.map((id) => findProduct({ id })).filter((one): one is Product => one !== null);
  const tags = [
    "cms_p_2",
    "cms_b_home_hero",
    "cms_b_home-page-block",
    "cat_p",
    ...products.map((one) => `cat_p_${one.id}`),
  ];
  return sendPage(visit, {
    title: visit.view.texts.homeTitle,
    bodyClass: "cms-home cms-index-index",
    heading: visit.view.texts.homeTitle,
    route: { route: "cms", controller: "index", action: "index" },
    main: main(visit, products),
    caching: cacheable(tags),
  });
}

function main(visit: Visit, products: readonly Product[]): string {
  const { texts } = visit.view;
  return `${hero(visit)}
${pageBuilderBanner(visit)}
<div class="content-heading">
   <h2 class="title">${escapeHtml(texts.favourites)}</h2>
   <p class="info">${escapeHtml(texts.favouritesText)}</p>
</div>
        <div class="block widget block-products-list grid">
                <div class="block-content">
            <!-- new_products_content_widget_grid-->${productGrid(visit, products)}
        </div>
    </div>`;
}

/** A CMS block, as a merchandiser would have typed it. Everything inside it may be replaced at the edge. */
function hero(visit: Visit): string {
  const { texts } = visit.view;
  const scene = mediaLink(visit, "wysiwyg/hero-day.svg");
  return `<section id="hero" class="hero" data-block="home_hero">
    <img class="hero-scene" src="${scene}" alt="" width="1600" height="700"/>
    <div class="hero-copy">
        <p class="hero-eyebrow">${escapeHtml(texts.heroEyebrow)}</p>
        <h2 class="hero-title">${escapeHtml(texts.heroTitle)}</h2>
        <p class="hero-text">${escapeHtml(texts.heroText)}</p>
        <a class="action primary hero-cta" href="${link(visit, "women.html")}"><span>${escapeHtml(texts.heroAction)}</span></a>
    </div>
</section>`;
}

function pageBuilderBanner(visit: Visit): string {
  const { texts } = visit.view;
  const image = mediaLink(visit, "wysiwyg/workshop.svg");
  const small = mediaLink(visit, "wysiwyg/workshop-small.svg");
  const images = `{\\&quot;desktop_image\\&quot;:\\&quot;${image}\\&quot;,\\&quot;mobile_image\\&quot;:\\&quot;${small}\\&quot;}`;
  return `<style>#html-body [data-pb-style=K4J1QWE]{justify-content:flex-start;display:flex;flex-direction:column;background-position:left top;background-size:cover;background-repeat:no-repeat;background-attachment:scroll}#html-body [data-pb-style=VN0TQ3S]{background-position:right center;background-size:cover;background-repeat:no-repeat;background-attachment:scroll;min-height:300px}#html-body [data-pb-style=R82LUJX]{min-height:300px;background-color:transparent}#html-body [data-pb-style=MB5CD0A]{opacity:1;visibility:visible}</style><div data-content-type="row" data-appearance="contained" data-element="main"><div data-enable-parallax="0" data-parallax-speed="0.5" data-background-images="{}" data-background-type="image" data-element="inner" data-pb-style="K4J1QWE"><div data-content-type="banner" data-appearance="poster" data-show-button="always" data-show-overlay="never" data-element="main"><a href="${link(visit, "about-us")}" target="" data-link-type="default" data-element="link"><div class="pagebuilder-banner-wrapper background-image-a3c19b7e" data-background-images="${images}" data-background-type="image" data-element="wrapper" data-pb-style="VN0TQ3S"><div class="pagebuilder-overlay pagebuilder-poster-overlay" data-overlay-color="" data-element="overlay" data-pb-style="R82LUJX"><div class="pagebuilder-poster-content"><div data-element="content"><h2>${escapeHtml(texts.bannerTitle)}</h2><p>${escapeHtml(texts.bannerText)}</p></div><span class="pagebuilder-banner-button pagebuilder-button-secondary" data-element="button" data-pb-style="MB5CD0A">${escapeHtml(texts.bannerAction)}</span></div></div></div></a></div></div></div><style type="text/css">.background-image-a3c19b7e {background-image: url(${image});}@media only screen and (max-width: 768px) { .background-image-a3c19b7e {background-image: url(${small});} }</style>`;
}
