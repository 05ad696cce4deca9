/** Private content: the mini-cart's copy is thrown away when it may no longer be true, and only then. */

import { expect, it } from "vitest";
import { type AudienceId, parseAudienceId } from "../../src/core/audience.ts";
import { planPrivateContent } from "../../src/core/private-content.ts";

const ids = (...written: string[]): ReadonlySet<AudienceId> =>
  new Set(written.map((id) => parseAudienceId(id)).filter((id) => id !== null));
const luma = { storefront: "luma" } as const;
const cookies = "PHPSESSID=a; section_data_ids=%7B%22cart%22%3A1795414952%7D; private_content_version=b";
const question = { website: luma, cookies, before: ids(), after: ids() };

it.each([
  ["from none to a member", { after: ids("vip") }, "reload audiences-changed"],
  ["from a member to none", { before: ids("vip") }, "reload audiences-changed"],
  ["from one audience to another", { before: ids("vip"), after: ids("sale") }, "reload audiences-changed"],
  ["one more audience", { before: ids("vip"), after: ids("sale", "vip") }, "reload audiences-changed"],
  ["the same in another order", { before: ids("a", "b"), after: ids("b", "a") }, "keep same-audiences"],
  ["none before and after", {}, "keep same-audiences"],
  ["nobody knows what was held", { before: null, after: ids("vip") }, "reload before-unknown"],
  ["nobody knows what was held, now none", { before: null }, "reload before-unknown"],
  ["a headless storefront", { website: { storefront: "headless" }, after: ids("vip") }, "keep headless"],
  ["a browser without private content", { cookies: "PHPSESSID=a", after: ids("vip") }, "keep nothing-kept"],
  ["no cookies at all", { cookies: "", before: null }, "keep nothing-kept"],
  [
    "Hyvä's cookie alone",
    { cookies: "private_content_version=b", after: ids("vip") },
    "reload audiences-changed",
  ],
  ["Luma's cookie alone", { cookies: "section_data_ids={}", after: ids("vip") }, "reload audiences-changed"],
  [
    "the names inside other cookies",
    { cookies: "x=section_data_ids; a_section_data_ids=1", after: ids("vip") },
    "keep nothing-kept",
  ],
] as const)("%s: %j", (_, change, expected) => {
  const plan = planPrivateContent({ ...question, ...change });
  expect(`${plan.kind} ${plan.reason}`).toBe(expected);
});
