/** Websites that share an Adobe sandbox. */

import { expect, it } from "vitest";
import { groupBySandbox } from "../../src/core/sandbox.ts";
import type { Website } from "../../src/core/website.ts";

const at = (code: string, organizationId: string, sandbox: string) =>
  ({ code, adobe: { organizationId, sandbox } }) as Website;

it("groups the websites of a sandbox, in the order of the settings, and leaves out who has none", () => {
  const websites = [
    at("main", "A@AdobeOrg", "prod"),
    { code: "plain", adobe: null } as Website,
    at("stage", "A@AdobeOrg", "stage"),
    at("b2b", "A@AdobeOrg", "prod"),
    at("other", "B@AdobeOrg", "prod"),
  ];
  const found = groupBySandbox(websites).map((one) => [
    one.account.sandbox,
    one.websites.map(({ code }) => code),
  ]);
  expect(found).toEqual([
    ["prod", ["main", "b2b"]],
    ["stage", ["stage"]],
    ["prod", ["other"]],
  ]);
});
