/** Login and logout are seen wherever Commerce has them. */

import { expect, it } from "vitest";
import { changesCustomer } from "../../src/core/account.ts";

it.each([
  ["/customer/account/loginPost/", true],
  ["/customer/account/loginPost/referer/aHR0cDo/", true],
  ["/fr/customer/account/logout", true],
  ["/index.php/fr/customer/account/logout/", true],
  ["/customer/ajax/login", true],
  ["/%63ustomer/account/logout/", true],
  ["/customer/account/login/", false],
  ["/customer/account/", false],
  ["/customer/section/load/", false],
  ["/women/customer-account/logout", false],
  ["/", false],
])("%s: %j", (path, expected) => {
  expect(changesCustomer(path)).toBe(expected);
});
