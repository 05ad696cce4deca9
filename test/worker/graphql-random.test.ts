/** Random documents over the demo's schema: what Commerce answers comes through the Worker as if it were not there. */

import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  buildClientSchema,
  type GraphQLObjectType,
  type GraphQLSchema,
  getIntrospectionQuery,
  getNamedType,
  isEnumType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningDemo, startDemo } from "../../demo/run.ts";
import { type Client, openClient } from "../demo/client.ts";
import { BUNDLE } from "./edge.ts";

let demo: RunningDemo;
let shop: Client;
let store: Client;
let schema: GraphQLSchema;

beforeAll(async () => {
  demo = await startDemo({
    edgeScript: readFileSync(BUNDLE, "utf8"),
    trust: "verified",
    store: { edition: "commerce" },
    // Everything that reads documents is on; nothing has a reason to change them.
    website: { dynamicBlocks: "edge" },
  });
  shop = openClient(demo);
  store = openClient({ url: demo.storeUrl });
  schema = buildClientSchema((await store.graphql(getIntrospectionQuery())).json.data);
});
afterAll(() => demo?.stop());

/** A number in, the same choice out: what shrinks is a list of numbers. */
function openDice(numbers: readonly number[]) {
  let at = 0;
  return (sides: number) => {
    const number = numbers[at % numbers.length] ?? 0;
    at += 1;
    return number % sides;
  };
}

interface Writing {
  readonly dice: (sides: number) => number;
  readonly fragments: string[];
  readonly definitions: string[];
  readonly variables: Record<string, unknown>;
}

function writeSelection(type: GraphQLObjectType, depth: number, writing: Writing): string {
  const { dice, fragments } = writing;
  const fields = Object.values(type.getFields()).filter(
    (field) =>
      field.args.every((arg) => !isNonNullType(arg.type)) &&
      (depth > 0 || isLeafType(getNamedType(field.type))),
  );
  const chosen = [...Array(1 + dice(3))].flatMap(() => fields[dice(Math.max(1, fields.length))] ?? []);
  const texts = chosen.map((field, n) => {
    const inner = getNamedType(field.type);
    const alias = dice(4) === 0 ? `a${depth}_${n}: ` : "";
    const skip = dice(8) === 0 ? writeCondition(writing) : "";
    const selection = isObjectType(inner) ? ` { ${writeSelection(inner, depth - 1, writing)} }` : "";
    return `${alias}${field.name}${skip}${selection}`;
  });
  const text = ["__typename", ...texts].join(dice(2) === 0 ? "\n  " : " ");
  switch (dice(5)) {
    case 0: {
      const name = `F${fragments.length}`;
      fragments.push(`fragment ${name} on ${type.name} { ${text} }`);
      return `...${name}`;
    }
    case 1:
      return `... on ${type.name} { ${text} }`;
    default:
      return text;
  }
}

function writeCondition({ dice, definitions, variables }: Writing): string {
  if (dice(2) === 0) return ` @include(if: ${dice(2) === 0})`;
  const name = `v${definitions.length}`;
  definitions.push(`$${name}: Boolean!`);
  variables[name] = dice(2) === 0;
  return ` @skip(if: $${name})`;
}

function write(numbers: readonly number[]) {
  const writing: Writing = { dice: openDice(numbers), fragments: [], definitions: [], variables: {} };
  const root = schema.getQueryType();
  if (!root || isEnumType(root)) throw new Error("no queries");
  const body = writeSelection(root, 3, writing);
  const { definitions, fragments, variables } = writing;
  const head = definitions.length === 0 ? "query" : `query Q(${definitions.join(", ")})`;
  return { query: [`${head} { ${body} }`, ...fragments].join("\n"), variables };
}

/** The demo's store names itself by the address at which it was asked. */
const said = ({ status, text }: { readonly status: number; readonly text: string }) => [
  status,
  text.replaceAll(/127\.0\.0\.1:\d+/g, "shop.test"),
];

it("is the same with the Worker and without, by POST and by GET", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 8, maxLength: 40 }), async (numbers) => {
      const { query, variables } = write(numbers);
      const direct = await store.graphql(query, variables);
      const through = await shop.graphql(query, variables);
      expect(said(through)).toEqual(said(direct));
      const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
      expect(said(await shop.ask(`/graphql?${search}`))).toEqual(said(await store.ask(`/graphql?${search}`)));
    }),
    { numRuns: 120 },
  );
}, 60_000);
