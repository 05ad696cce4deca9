/** Documents of real storefronts, where they are: `EDGE_RECORDINGS` names the folder. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema, type GraphQLSchema, parse, validate } from "graphql";
import { expect, test } from "vitest";
import { parseDocument } from "../../src/core/graphql-document/parse.ts";
import { buildAlone, removeRoots } from "../../src/core/graphql-document/part.ts";
import { applySplices } from "../../src/core/graphql-document/splice.ts";
import type { Field, GraphqlDocument } from "../../src/core/graphql-document.ts";
import { readGraphqlBody, readGraphqlQuery } from "../../src/core/graphql-request.ts";

const folder = process.env["EDGE_RECORDINGS"] ?? "";
const recorded = (title: string, body: () => void) =>
  test(title, (context) => {
    context.skip(folder === "", "EDGE_RECORDINGS names no folder");
    body();
  }, 120_000);

interface Operation {
  readonly kind: string;
  readonly document: string;
  readonly validFor: readonly string[];
}

interface WireRequest {
  readonly kind: string;
  readonly url: string;
  readonly body: string | null;
}

const lines = <T>(name: string): readonly T[] =>
  readFileSync(join(folder, "graphql", name), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

const schemas = new Map<string, GraphQLSchema | null>();

/** The schemas that are here (SaaS breaks a rule of its own), of those that the document was found valid for. */
function schemasOf({ validFor }: Operation): readonly GraphQLSchema[] {
  return validFor.flatMap((name) => {
    const known = schemas.get(name);
    if (known !== undefined) return known ?? [];
    const file = join(folder, "graphql", "schema", `${name}.graphql`);
    const schema = existsSync(file) ? buildSchema(readFileSync(file, "utf8"), { assumeValid: true }) : null;
    schemas.set(name, schema);
    return schema ?? [];
  });
}

function read(text: string): GraphqlDocument {
  const document = parseDocument(text);
  if (!document.ok) throw new Error(`${document.error}: ${text}`);
  return document.value;
}

const all = (fields: readonly Field[]): readonly Field[] =>
  fields.flatMap((one) => [one, ...all(one.selection?.fields ?? [])]);

recorded("each document is read, with its root fields", () => {
  const operations = lines<Operation>("operations.jsonl");
  expect(operations.length).toBeGreaterThan(300);
  for (const { document: text, kind } of operations) {
    const document = read(text);
    expect(document.operation).toBe(kind);
    expect(document.roots.length).toBeGreaterThan(0);
    expect(document.complexity).toBe(all(document.roots).length);
    expect(document.aliases).toBeLessThan(10);
    for (const { name, span } of all(document.roots))
      expect(text.slice(span.start, span.end)).toContain(name);
  }
});

recorded("each request is read from the wire, by GET and POST, and rewritten as little as asked", () => {
  let read = 0;
  for (const { url, body, kind } of lines<WireRequest>("requests.jsonl")) {
    const request = body === null ? readGraphqlQuery(url.slice(url.indexOf("?"))) : readGraphqlBody(body);
    if (!request.ok) throw new Error(`${request.error}: ${body ?? url}`);
    const document = parseDocument(request.value.query);
    expect(document.ok && document.value.operation).toBe(kind);
    expect(request.value.rewrite({})).toBe(request.value.body);
    if (body !== null) expect(request.value.body).toBe(body);
    const named = JSON.parse(request.value.rewrite({ variables: [{ path: ["x_y"], value: [1] }] })) as {
      readonly variables: unknown;
    };
    expect(named.variables).toEqual({ ...request.value.variables, x_y: [1] });
    read += 1;
  }
  expect(read).toBeGreaterThan(300);
});

recorded("each document without one of its roots is valid still", () => {
  let checked = 0;
  for (const operation of lines<Operation>("operations.jsonl")) {
    const document = read(operation.document);
    if (document.roots.length < 2) continue;
    for (const root of document.roots) {
      const splices = removeRoots(document, [root]);
      if (splices === null) continue;
      const rewritten = applySplices(operation.document, splices);
      for (const schema of schemasOf(operation)) expect(validate(schema, parse(rewritten))).toEqual([]);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(10);
});

recorded("the cart of each mutation can be asked for again by itself", () => {
  let checked = 0;
  for (const operation of lines<Operation>("operations.jsonl")) {
    const document = read(operation.document);
    if (document.operation !== "mutation") continue;
    for (const root of document.roots) {
      const cart = root.selection?.fields.find(({ name }) => name === "cart")?.selection;
      if (!cart) continue;
      const selection = operation.document.slice(cart.span.start, cart.span.end);
      const body = `removeCouponFromCart(input: {cart_id: "x"}) { cart {${selection}} }`;
      const alone = buildAlone(document, { operation: "mutation", body, uses: [cart.span] });
      const splices = [
        { span: { start: document.body.end, end: document.body.end }, insert: ` edge: ${body} ` },
      ];
      const appended = applySplices(operation.document, splices);
      for (const schema of schemasOf(operation)) {
        expect(validate(schema, parse(alone.text))).toEqual([]);
        expect(validate(schema, parse(appended))).toEqual([]);
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(30);
});
