/** The selectors that we accept, shown to the real HTMLRewriter: none of them may throw on a shopper's page. */

import { afterAll, beforeAll, expect, it } from "vitest";
import cases from "../cases/selectors.json" with { type: "json" };
import { type Edge, startEdge } from "./edge.ts";

/** Answers, for a selector, whether HTMLRewriter takes it and a page with it comes out whole. */
const script = `export default { async fetch(request) {
  const selector = await request.text();
  try {
    const rewriter = new HTMLRewriter().on(selector, { element() {} });
    const page = '<main><p class="hero" id="hero">x</p></main>';
    return new Response((await rewriter.transform(new Response(page)).text()) === page ? "whole" : "changed");
  } catch (error) {
    return new Response("threw: " + error.message);
  }
} };`;

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ bindings: {}, script });
});
afterAll(() => edge.stop());

it.each(cases.accepted)("HTMLRewriter takes %s", async (selector) => {
  const answer = await edge.send("/", { method: "POST", body: selector });
  expect(answer.text()).toBe("whole");
});

it("can tell: HTMLRewriter throws on what it does not know", async () => {
  const answer = await edge.send("/", { method: "POST", body: "#hero:hover" });
  expect(answer.text()).toMatch(/^threw: /);
});
