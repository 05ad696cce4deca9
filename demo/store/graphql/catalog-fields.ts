/** Resolves what is the same for everybody: products and CMS. */

import {
  type Category,
  categories,
  imagePath,
  type Product,
  products,
  productsIn,
  searchProducts,
} from "../catalog.ts";
import type { StoreView } from "../store-view.ts";
import { mediaLink } from "../visit.ts";
import { type Asker, addTags, failure } from "./asker.ts";
import { aggregationsOf, categoryFields, sortFieldsOf } from "./category-fields.ts";
import { type Equal, equals, paginate } from "./list.ts";
import { money } from "./money.ts";

interface ProductsArguments {
  readonly search?: string | null;
  readonly filter?: {
    readonly sku?: Equal | null;
    readonly url_key?: Equal | null;
    readonly name?: { readonly match?: string | null } | null;
    readonly price?: { readonly from?: string | null; readonly to?: string | null } | null;
    readonly category_id?: Equal | null;
    readonly category_uid?: Equal | null;
  } | null;
  readonly pageSize: number;
  readonly currentPage: number;
  readonly sort?: { readonly name?: "ASC" | "DESC" | null; readonly price?: "ASC" | "DESC" | null } | null;
}

export function queryProducts(_: unknown, asked: ProductsArguments, asker: Asker) {
  if (!asked.search && !asked.filter) {
    throw failure("'search' or 'filter' input argument is required.", "graphql-input");
  }
  const found = (asked.search ? searchProducts(asked.search) : [...products]).filter((one) =>
    passes(one, asked),
  );
  if (asked.sort?.price) found.sort((a, b) => (a.cents - b.cents) * direction(asked.sort?.price));
  if (asked.sort?.name) found.sort((a, b) => a.name.localeCompare(b.name) * direction(asked.sort?.name));
  const page = paginate(found, asked);
  if (page.items.length > 0) addTags(asker, ["cat_p", ...page.items.map((one) => `cat_p_${one.id}`)]);
  return {
    ...page,
    items: page.items.map((one) => productFields(one, asker)),
    aggregations: aggregationsOf(found, asker.view),
    sort_fields: sortFieldsOf(Boolean(asked.search)),
  };
}

export function queryCmsBlocks(
  _: unknown,
  asked: { readonly identifiers?: readonly string[] | null },
  asker: Asker,
) {
  if (!asked.identifiers?.length)
    throw failure('"identifiers" of CMS blocks should be specified', "graphql-input");
  const items = asked.identifiers.map((identifier) => {
    const block = cmsBlocks(asker.view)[identifier];
    if (block !== undefined) return { identifier, ...block };
    throw failure(`The CMS block with the "${identifier}" ID doesn't exist.`, "graphql-no-such-entity");
  });
  addTags(asker, ["cms_b", ...asked.identifiers.map((identifier) => `cms_b_${identifier}`)]);
  return { items };
}

export function queryCmsPage(_: unknown, asked: { readonly identifier?: string | null }, asker: Asker) {
  if (asked.identifier !== "home") {
    throw failure(
      `The CMS page with the "${asked.identifier ?? ""}" ID doesn't exist.`,
      "graphql-no-such-entity",
    );
  }
  addTags(asker, ["cms_p", "cms_p_2"]);
  const title = asker.view.texts.homeTitle;
  const content = cmsBlocks(asker.view)["home-hero"]?.content ?? "";
  return { identifier: "home", url_key: "home", title, content_heading: title, content, meta_title: title };
}

export function productFields(product: Product, asker: Asker) {
  const amount = money(product.cents);
  // What comes off, comes off in the cart.
  const discount = { amount_off: 0, percent_off: 0 };
  const price = { regular_price: amount, final_price: amount, discount };
  const image = { url: mediaLink(asker.visit, imagePath(product.sku)), label: product.name };
  const inThem = categories.filter((category) => product.categories.includes(category.key));
  return {
    __typename: "SimpleProduct",
    id: product.id,
    uid: btoa(String(product.id)),
    sku: product.sku,
    name: product.name,
    url_key: product.key,
    url_suffix: ".html",
    stock_status: "IN_STOCK",
    // Nobody has rated anything here.
    rating_summary: 0,
    description: { html: `<p>${product.description}</p>` },
    short_description: { html: `<p>${product.blurb}</p>` },
    image,
    small_image: image,
    thumbnail: image,
    price: { minimalPrice: { amount }, maximalPrice: { amount }, regularPrice: { amount } },
    price_range: { minimum_price: price, maximum_price: price },
    categories: inThem.map((category) => categoryFields(category, asker.view)),
    custom_attributesV2: { items: [] },
    gift_message_available: false,
    gift_wrapping_available: false,
  };
}

function cmsBlocks(
  view: StoreView,
): Readonly<Record<string, { title: string; content: string } | undefined>> {
  const { texts } = view;
  return {
    "home-hero": { title: texts.heroTitle, content: `<h2>${texts.heroTitle}</h2><p>${texts.heroText}</p>` },
    "regulars-note": {
      title: texts.regularsTitle,
      content: `<p><strong>${texts.regularsTitle}</strong><br/>${texts.regularsText}</p>`,
    },
    footer_links_block: { title: "Footer", content: `<p>${texts.footer}</p>` },
  };
}

function passes(product: Product, { filter }: ProductsArguments): boolean {
  if (!filter) return true;
  const inCategory = (equal: Equal, idOf: (category: Category) => string) =>
    categories.some((category) => equals(equal, idOf(category)) && productsIn(category).includes(product));
  return (
    (!filter.sku || equals(filter.sku, product.sku)) &&
    (!filter.url_key || equals(filter.url_key, product.key)) &&
    (!filter.name?.match || product.name.toLowerCase().includes(filter.name.match.toLowerCase())) &&
    (!filter.price?.from || product.cents >= Number(filter.price.from) * 100) &&
    (!filter.price?.to || product.cents <= Number(filter.price.to) * 100) &&
    (!filter.category_id || inCategory(filter.category_id, (category) => String(category.id))) &&
    (!filter.category_uid || inCategory(filter.category_uid, (category) => btoa(String(category.id))))
  );
}

function direction(sort: "ASC" | "DESC" | null | undefined): 1 | -1 {
  return sort === "DESC" ? -1 : 1;
}
