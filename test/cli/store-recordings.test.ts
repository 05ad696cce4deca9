/** Every recorded page, answer and schema is recognized for what it is; `EDGE_RECORDINGS` names the folder. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, parse, specifiedRules, validate } from "graphql";
import { expect, test } from "vitest";
import type { Answer } from "../../cli/store/answer.ts";
import { findGraphql, type ProbeAnswers } from "../../cli/store/graphql.ts";
import { hasRawEsi, readPageCache } from "../../cli/store/page-cache.ts";
import { findPolicy } from "../../cli/store/policy.ts";
import { type Probe, probes, readSaid } from "../../cli/store/probe.ts";
import { asksForCookies, readTheme } from "../../cli/store/theme.ts";

const folder = process.env["EDGE_RECORDINGS"] ?? "";
const recorded = (title: string, body: () => void) =>
  test(title, (context) => {
    context.skip(folder === "", "EDGE_RECORDINGS names no folder");
    body();
  });

const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), "utf8");

function readAnswer(name: string, type: "html" | "json", path = "/"): Answer {
  const [first = "", ...lines] = read("magento", `${name}.headers.txt`).trimEnd().split(/\r?\n/);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body = read("magento", `${name}.${type}`);
  return { kind: "answer", path, status: Number(first.split(" ")[1]), headers, body };
}

const pages = ["page-home", "page-category", "page-product", "page-cart", "page-login", "page-404"];

recorded("a real store in Varnish mode, asked behind no cache: Luma, open, without its menu", () => {
  for (const name of [...pages, "builtin-page-home"]) {
    const { body } = readAnswer(name, "html");
    expect([name, readTheme(body)]).toEqual([name, { kind: "luma", name: "Magento/luma" }]);
    expect([name, asksForCookies(body)]).toEqual([name, false]);
  }
  const home = readAnswer("page-home", "html");
  const graphql = readAnswer("graphql-get-products", "json");
  expect(readPageCache({ homes: [home, home], graphql })).toBe("open");
  const raw = pages.filter((name) => hasRawEsi(readAnswer(name, "html").body));
  expect(raw).toEqual(["page-home", "page-category", "page-product", "page-404"]);
});

recorded("the same store with its built-in cache: menu inline, nothing for shared caches", () => {
  const home = readAnswer("builtin-page-home", "html");
  // GraphQL was recorded in Varnish mode; this one is no-store in either.
  const graphql = readAnswer("graphql-post-products", "json");
  expect(readPageCache({ homes: [home, home], graphql })).toBe("built-in");
  expect(hasRawEsi(home.body)).toBe(false);
});

recorded("its Content-Security-Policy only reports", () => {
  const given = pages.map((name) => readAnswer(name, "html", `/${name}`));
  expect(findPolicy(given).found).toMatch(/^None is enforced on \/page-home, /);
});

recorded("pages from genuine Luma templates", () => {
  for (const name of ["category", "home-luma-static", "product", "home-luma-dynamic-block-2.4"]) {
    const html = read("luma", `${name}.html`);
    expect([name, readTheme(html).kind, hasRawEsi(html)]).toEqual([name, "luma", false]);
  }
});

recorded("its GraphQL: public by GET, sessions, no dynamic blocks", () => {
  const silence = { kind: "silence", path: "/graphql", reason: "not recorded" } as const;
  const none = Object.fromEntries(Object.keys(probes).map((name) => [name, silence])) as Record<
    Probe,
    typeof silence
  >;
  const answers: ProbeAnswers = {
    ...none,
    config: readAnswer("graphql-get-errors-public", "json"),
    dynamicBlocks: readAnswer("graphql-dynamic-blocks", "json"),
  };
  const found = new Map(findGraphql(answers, "/graphql", []).map((one) => [one.topic, one.found]));
  expect(found.get("Dynamic blocks")).toMatch(/^There is no dynamicBlocks/);
  expect(found.get("GraphQL by GET")).toMatch(/may be kept by shared caches, with X-Magento-Cache-Id/);
  expect(found.get("Sessions")).toMatch(/sets the session cookie/);
  expect(readSaid(readAnswer("graphql-syntax-error", "json"))?.errors).toHaveLength(1);
});

interface SchemaHas {
  readonly name: string;
  readonly blocks: RegExp;
  readonly coupons: RegExp;
}

const schemas: readonly SchemaHas[] = [
  { name: "commerce-2.4.9", blocks: /without audience_id/, coupons: /^Several coupons/ },
  { name: "commerce-saas", blocks: /There is no dynamicBlocks/, coupons: /^Several coupons/ },
  { name: "opensource-2.4.7-p6", blocks: /There is no dynamicBlocks/, coupons: /^One coupon/ },
];

recorded("each published schema shows by how it refuses our queries", () => {
  for (const { name, blocks, coupons } of schemas) {
    const schema = buildSchema(read("graphql", "schema", `${name}.graphql`), { assumeValid: true });
    const ask = (probe: Probe): Answer => {
      const document = parse(probes[probe]);
      const errors = validate(schema, document, specifiedRules);
      const result = errors.length > 0 ? { errors } : { data: {} };
      return { kind: "answer", path: "/graphql", status: 200, headers: [], body: JSON.stringify(result) };
    };
    const answers = Object.fromEntries(
      (Object.keys(probes) as Probe[]).map((probe) => [probe, ask(probe)]),
    ) as ProbeAnswers;
    for (const probe of ["config", "storeViews", "introspection", "aliases", "complexity"] as const) {
      expect([name, probe, readSaid(answers[probe])?.errors]).toEqual([name, probe, []]);
    }
    const found = new Map(findGraphql(answers, "/graphql", []).map((one) => [one.topic, one.found]));
    expect(found.get("Dynamic blocks")).toMatch(blocks);
    expect(found.get("Coupons")).toMatch(coupons);
  }
});
