/** Resolves what a checkout shows of a cart: the address, the ways to deliver and to pay. */

import type { Cart } from "../cart.ts";
import type { Totals } from "../price-rule.ts";
import { money } from "./money.ts";

export const paymentMethods = [
  { code: "checkmo", title: "Check / Money order", is_deferred: false },
  { code: "free", title: "No Payment Information Required", is_deferred: false },
] as const;

/** Standard delivery costs nothing; express does, unless a coupon makes it free and so the cart's own. */
export function checkoutFields(cart: Cart, { delivery }: Totals) {
  const express = { ...tarnfell, method_code: "express", method_title: "Express" };
  const methods = [
    { ...tarnfell, method_code: "standard", method_title: "Standard", amount: money(0), available: true },
    { ...express, amount: money(delivery === "express" ? 0 : 1200), available: true },
  ];
  const address = cart.shippingAddress;
  const addresses =
    address === null
      ? []
      : [
          {
            ...address,
            region: { code: address.region, label: address.region, region_id: null },
            country: { code: address.country, label: address.country },
            available_shipping_methods: methods,
            selected_shipping_method: methods.find(({ method_code }) => method_code === delivery) ?? null,
          },
        ];
  const paid = paymentMethods.find(({ code }) => code === cart.paymentMethod) ?? { code: "", title: "" };
  return {
    shipping_addresses: addresses,
    available_payment_methods: paymentMethods,
    selected_payment_method: { ...paid, purchase_order_number: null },
  };
}

const tarnfell = { carrier_code: "tarnfell", carrier_title: "Tarnfell" } as const;
