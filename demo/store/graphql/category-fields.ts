/** Resolves categories, and by what a list of products is narrowed and sorted. */

import { type Category, categories, type Product } from "../catalog.ts";
import type { StoreView } from "../store-view.ts";
import { type Asker, addTags } from "./asker.ts";
import { type Equal, equals, paginate } from "./list.ts";

interface CategoriesArguments {
  readonly filters?: {
    readonly category_uid?: Equal | null;
    readonly ids?: Equal | null;
    readonly url_key?: Equal | null;
    readonly name?: { readonly match?: string | null } | null;
  } | null;
  readonly pageSize: number;
  readonly currentPage: number;
}

/** Magento's own: the parent of all that a store shows, and of no address. */
const rootId = 2;

/** Without a filter it is the root. */
export function queryCategories(_: unknown, asked: CategoriesArguments, asker: Asker) {
  const all = [rootFields(asker.view), ...categories.map((one) => categoryFields(one, asker.view))];
  const found = all.filter(({ uid, name, url_key }) => {
    const { filters } = asked;
    if (!filters) return uid === btoa(String(rootId));
    return (
      (!filters.category_uid || equals(filters.category_uid, uid)) &&
      (!filters.ids || equals(filters.ids, atob(uid))) &&
      (!filters.url_key || (url_key !== null && equals(filters.url_key, url_key))) &&
      (!filters.name?.match || name.toLowerCase().includes(filters.name.match.toLowerCase()))
    );
  });
  const page = paginate(found, asked);
  addTags(asker, ["cat_c", ...page.items.map(({ uid }) => `cat_c_${atob(uid)}`)]);
  return page;
}

export function queryCategoryList(_: unknown, asked: CategoriesArguments, asker: Asker) {
  return queryCategories(_, asked, asker).items;
}

export function categoryFields(category: Category, view: StoreView) {
  return {
    __typename: "CategoryTree",
    uid: btoa(String(category.id)),
    name: view.texts[category.key],
    description: category.intro,
    url_key: category.key,
    url_path: category.key,
    url_suffix: ".html",
    position: categories.indexOf(category) + 1,
    include_in_menu: 1,
    children: [],
  };
}

function rootFields(view: StoreView) {
  return {
    __typename: "CategoryTree",
    uid: btoa(String(rootId)),
    name: "Default Category",
    url_key: null,
    url_path: null,
    url_suffix: ".html",
    position: 1,
    include_in_menu: 1,
    children: categories.map((one) => categoryFields(one, view)),
  };
}

/** Of all that were found, whichever page of them is shown. */
export function aggregationsOf(found: readonly Product[], view: StoreView) {
  const options = categories.flatMap((category) => {
    const count = found.filter((product) => product.categories.includes(category.key)).length;
    return count === 0 ? [] : [{ label: view.texts[category.key], value: btoa(String(category.id)), count }];
  });
  if (options.length === 0) return [];
  return [
    { attribute_code: "category_uid", label: "Category", count: options.length, options, position: null },
  ];
}

export function sortFieldsOf(isSearch: boolean) {
  const first = isSearch
    ? { label: "Relevance", value: "relevance" }
    : { label: "Position", value: "position" };
  const options = [first, { label: "Product Name", value: "name" }, { label: "Price", value: "price" }];
  return { default: first.value, options };
}
