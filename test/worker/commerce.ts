/** A Commerce that is asked for its own content: CMS blocks, dynamic blocks, and the page with its rotator. */

import type { ServerResponse } from "node:http";
import type { Answer, SentRequest } from "./edge.ts";
import type { SeenRequest } from "./origin.ts";
import { explained, markAs, planOf, type Shop, VIP } from "./shop.ts";

/** As an Adobe Commerce 2.4 writes it, for blocks 1 and 2. */
export const SHELL = `<div class="widget block block-banners" data-bind="scope: 'banner'" data-banner-id="833e48" data-types="" data-display-mode="fixed" data-ids="1,2" data-rotate="" data-store-id="1" data-uids="MQ==,Mg==">
    <ul class="banner-items" data-bind="afterRender: registerBanner">
        <!-- ko foreach: getItems833e48() -->
        <li class="banner-item" data-bind="attr: {'data-banner-id': $data.bannerId}">
            <div class="banner-item-content" data-bind="bindHtml: $data.html"></div>
        </li>
        <!-- /ko -->
    </ul>
</div>`;

export const shellOf = (...ids: readonly number[]) => {
  const uids = ids.map((id) => btoa(String(id))).join();
  return SHELL.replace('"1,2"', `"${ids.join()}"`).replace("MQ==,Mg==", uids);
};

/** The same without its binding, with its banner's mark and these blocks in it; null: the campaigns' own HTML. */
export const filled = (
  shell: string,
  banner: string,
  ...items: readonly (readonly [number | null, string])[]
) => {
  const opening = shell
    .slice(0, shell.indexOf("\n"))
    .replace(` data-bind="scope: 'banner'"`, "")
    .replace(/>$/, `${markAs({ banner, variant: "blocks" })}>`);
  const blocks = items.map(
    ([id, html]) =>
      `<li class="banner-item"${id === null ? "" : ` data-banner-id="${id}"`}><div class="banner-item-content">${html}</div></li>`,
  );
  return `${opening}<ul class="banner-items">${blocks.join("")}</ul></div>`;
};

export const page = (body: string) => `<html><body>${body}<p>end</p></body></html>`;
export const hero = page('<div id="hero">The store’s own</div>');

/** What its CMS blocks are, by identifier, and by store view where that one has its own. */
export const cms: Record<string, string> = {
  "vip-hero": "<h2>From Commerce</h2>",
  "vip-hero@fr": "<h2>De Commerce</h2>",
  widget: '<div>{{widget type="x"}}</div>',
  styled: "<style>b{color:red}</style><b>x</b>",
  slow: "<h2>At last</h2>",
  rush: "<h2>In a rush</h2>",
};

const dynamicBlocks = [
  { uid: "MQ==", audience_id: null, content: { html: "<p>For all</p>" } },
  {
    uid: "Mg==",
    audience_id: [VIP],
    content: { html: '<img src="{{media url=&quot;vip.jpg&quot;}}" alt="VIP">' },
  },
  { uid: "Mw==", audience_id: [], content: { html: "<style>b{color:red}</style><b>x</b>" } },
];

/** The store view `plain` is one of a Commerce without Adobe's extension. */
export function answerContent(request: SeenRequest, response: ServerResponse): void {
  const search = new URL(request.url, "http://x").searchParams;
  const variables = JSON.parse(search.get("variables") ?? "{}");
  const store = request.header("store");
  const answer = search.get("query")?.includes("dynamicBlocks")
    ? blocksOf(store, variables.input.dynamic_block_uids)
    : cmsBlock(store, variables.id[0]);
  response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
}

function blocksOf(store: string | null, uids: readonly string[]) {
  if (store === "plain") {
    return { errors: [{ message: 'Cannot query field "audience_id" on type "DynamicBlock".' }] };
  }
  const items = dynamicBlocks.filter(({ uid }) => uids.includes(uid));
  const storeConfig = {
    secure_base_link_url: "https://shop.test/",
    secure_base_media_url: "https://shop.test/media/",
  };
  return { data: { dynamicBlocks: { items }, storeConfig } };
}

function cmsBlock(store: string | null, identifier: string) {
  if (identifier === "failing") return { errors: [{ message: "Internal server error" }] };
  const content = cms[`${identifier}@${store}`] ?? cms[identifier];
  if (content !== undefined) return { data: { cmsBlocks: { items: [{ identifier, content }] } } };
  const extensions = { category: "graphql-no-such-entity" };
  const errors = [{ message: "doesn't exist", extensions, path: ["cmsBlocks", "items", 0] }];
  return { errors, data: { cmsBlocks: { items: [null] } } };
}

/** A view of a page, with the plan in its headers. */
export function see(
  { edge }: Shop,
  path: string,
  headers: SentRequest["headers"] = [],
  host = "shop.test",
): Promise<Answer> {
  return edge.send(path, explained({ host, headers }));
}

/** What the plan says of its first banner. */
export function bannerOf(answer: Answer): unknown {
  return (planOf(answer)["banners"] as readonly unknown[])[0];
}

/** The questions for content among what Commerce was asked from the `from`th request on. */
export function questions({ origin }: Shop, from: number): readonly SeenRequest[] {
  return origin.seen.slice(from).filter(({ url }) => url.startsWith("/graphql"));
}
