/** Resolves the store's configuration: what this shop has, and what it has switched off. */

import { type Asker, addTags } from "./asker.ts";

export function queryStoreConfig(_: unknown, __: unknown, asker: Asker) {
  addTags(asker, ["gql_store_config", `gql_store_config_${asker.view.id}`]);
  const { base } = asker.visit;
  return {
    store_code: asker.view.code,
    store_name: asker.view.name,
    store_group_code: "main_website_store",
    website_code: "base",
    locale: asker.view.locale,
    base_currency_code: "USD",
    default_display_currency_code: "USD",
    default_country: "US",
    base_url: base,
    base_link_url: base + asker.view.prefix,
    base_media_url: `${base}media/`,
    base_static_url: `${base}static/`,
    secure_base_link_url: base + asker.view.prefix,
    secure_base_media_url: `${base}media/`,
    product_url_suffix: ".html",
    category_url_suffix: ".html",
    cms_home_page: "home",
    copyright: "Tarnfell",
    // From here on Magento's own defaults.
    grid_per_page: 12,
    configurable_thumbnail_source: "parent",
    minicart_display: true,
    minicart_max_items: 10,
    cart_summary_display_quantity: 1,
    cart_expires_in_days: 30,
    shopping_cart_display_zero_tax: false,
    category_fixed_product_tax_display_setting: "FPT_DISABLED",
    product_fixed_product_tax_display_setting: "FPT_DISABLED",
    sales_fixed_product_tax_display_setting: "FPT_DISABLED",
    // Neither wishlists nor gifts nor a form to write to the shop.
    magento_wishlist_general_is_enabled: "0",
    enable_multiple_wishlists: "0",
    allow_order: "0",
    allow_items: "0",
    allow_gift_receipt: "0",
    allow_printed_card: "0",
    contact_enabled: false,
  };
}
