/** Adobe Commerce's rotator: the empty shell in a page, and the section from which its script fills it after load. */

import { answer } from "./answer.ts";
import { encodeJson } from "./escaper.ts";
import { blocksFor } from "./graphql/dynamic-blocks.ts";
import { mediaLink, type Visit } from "./visit.ts";

/** As Magento_Banner's `widget/block.phtml` writes it, for those blocks in that order. Open Source has none. */
export function rotator(visit: Visit, ids: readonly number[]): string {
  if (visit.settings.edition === "opensource") return "";
  const id = "6d0f3b1c9a7e4825";
  const uids = ids.map((one) => btoa(String(one)));
  return `<div class="widget block block-banners" data-bind="scope: 'banner'" data-banner-id="${id}" data-types="" data-display-mode="fixed" data-ids="${ids}" data-rotate="" data-store-id="${visit.view.id}" data-uids="${uids}">
    <ul class="banner-items" data-bind="afterRender: registerBanner">
        <!-- ko foreach: getItems${id}() -->
        <li class="banner-item" data-bind="attr: {'data-banner-id': $data.bannerId}">
            <div class="banner-item-content" data-bind="bindHtml: $data.html"></div>
        </li>
        <!-- /ko -->
    </ul>
</div>`;
}

/** For whom the cookie says: Adobe's extension believes it. Here directives are resolved, unlike in GraphQL. */
export function serveBannerSection(visit: Visit): Promise<Response> {
  const fixed = Object.fromEntries(
    blocksFor(visit.audiences).map(({ uid, content }) => {
      const html = content.html.replace(/\{\{media url=&quot;(.*?)&quot;\}\}/g, (_, path) =>
        mediaLink(visit, String(path)),
      );
      return [atob(uid), { id: atob(uid), types: [], content: html }];
    }),
  );
  return answer(visit, {
    type: "application/json",
    body: encodeJson({ data: { items: { salesrule: {}, catalogrule: {}, fixed }, store_id: visit.view.id } }),
    caching: { kind: "private" },
  });
}
