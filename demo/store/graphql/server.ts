/** One GraphQL server for each edition of Commerce: its schema, and what answers it. */

import type { Edition } from "../settings.ts";
import { cartMutations } from "./cart-changes.ts";
import { queryCart, queryCustomer, queryCustomerCart, queryEmail } from "./cart-fields.ts";
import { queryCmsBlocks, queryCmsPage, queryProducts } from "./catalog-fields.ts";
import { queryCategories, queryCategoryList } from "./category-fields.ts";
import { checkoutMutations } from "./checkout-changes.ts";
import { couponMutations, severalCouponsMutations } from "./coupon-changes.ts";
import { customerMutations } from "./customer-changes.ts";
import { queryDynamicBlocks } from "./dynamic-blocks.ts";
import audiencesSchema from "./schema/audiences.graphql";
import cartSchema from "./schema/cart.graphql";
import catalogSchema from "./schema/catalog.graphql";
import categorySchema from "./schema/category.graphql";
import checkoutSchema from "./schema/checkout.graphql";
import commerceSchema from "./schema/commerce.graphql";
import customerSchema from "./schema/customer.graphql";
import giftSchema from "./schema/gift.graphql";
import productKindsSchema from "./schema/product-kinds.graphql";
import storeConfigSchema from "./schema/store-config.graphql";
import { queryStoreConfig } from "./store-config.ts";
import { openServer, type Server } from "./yoga.js";

const everywhere = {
  typeDefs: [
    catalogSchema,
    categorySchema,
    productKindsSchema,
    storeConfigSchema,
    cartSchema,
    checkoutSchema,
    customerSchema,
  ],
  Query: {
    products: queryProducts,
    categories: queryCategories,
    categoryList: queryCategoryList,
    storeConfig: queryStoreConfig,
    cmsBlocks: queryCmsBlocks,
    cmsPage: queryCmsPage,
    customer: queryCustomer,
    customerCart: queryCustomerCart,
    cart: queryCart,
    isEmailAvailable: queryEmail,
  },
  Mutation: { ...cartMutations, ...couponMutations, ...checkoutMutations, ...customerMutations },
};

const onCommerce = {
  typeDefs: [...everywhere.typeDefs, commerceSchema, giftSchema],
  Query: { ...everywhere.Query, dynamicBlocks: queryDynamicBlocks },
  Mutation: { ...everywhere.Mutation, ...severalCouponsMutations },
};

const servers = new Map<Edition, Server>();

export function serverOf(edition: Edition): Server {
  const known = servers.get(edition);
  if (known !== undefined) return known;
  const { typeDefs, ...resolvers } = partsOf(edition);
  const server = openServer({ typeDefs, resolvers });
  servers.set(edition, server);
  return server;
}

function partsOf(edition: Edition) {
  switch (edition) {
    case "opensource":
      return everywhere;
    case "commerce":
      return onCommerce;
    case "commerce+audiences":
      return { ...onCommerce, typeDefs: [...onCommerce.typeDefs, audiencesSchema] };
  }
}
