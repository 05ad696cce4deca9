/** Random valid GraphQL documents over a small shop, with everything that a document may be written with. */

import { buildSchema, execute, type GraphQLSchema, parse } from "graphql";

export const schema: GraphQLSchema = buildSchema(/* GraphQL */ `
  type Query {
    cart(cart_id: String!): Cart
    customer: Customer
    products(search: String, pageSize: Int = 20, filter: Filter): Products
    storeConfig: Config
  }
  type Mutation {
    addProductsToCart(cartId: String!, skus: [String!]): CartOutput
    applyCouponToCart(input: CouponInput!): CartOutput
    setCart(cart_id: String!): Boolean
  }
  type CartOutput { cart: Cart count: Int }
  type Cart { id: ID! total: Int items(first: Int, sort: Sort): [Item] customer: Customer }
  type Item { uid: ID! name(upper: Boolean): String cart: Cart }
  type Customer { email: String carts(filter: Filter): [Cart] }
  type Products { total_count: Int items(first: Int): [Item] }
  type Config { code: String title: String }
  input CouponInput { cart_id: String! coupon_code: String! tags: [String] }
  input Filter { name: String first: Int deep: Filter sort: Sort }
  enum Sort { ASC DESC }
`);

type ArgumentType =
  | "Int"
  | "String"
  | "String!"
  | "Boolean"
  | "Sort"
  | "Filter"
  | "[String!]"
  | "CouponInput!";

interface FieldType {
  readonly name: string;
  readonly of: TypeName | null;
  readonly arguments: readonly (readonly [string, ArgumentType])[];
}

const leaf = (name: string, ...args: FieldType["arguments"]): FieldType => ({
  name,
  of: null,
  arguments: args,
});
const node = (name: string, of: TypeName, ...args: FieldType["arguments"]): FieldType => ({
  name,
  of,
  arguments: args,
});

type TypeName = "Query" | "Mutation" | "CartOutput" | "Cart" | "Item" | "Customer" | "Products" | "Config";

const fieldsOf: Readonly<Record<TypeName, readonly FieldType[]>> = {
  Query: [
    node("cart", "Cart", ["cart_id", "String!"]),
    node("customer", "Customer"),
    node("products", "Products", ["search", "String"], ["pageSize", "Int"], ["filter", "Filter"]),
    node("storeConfig", "Config"),
  ],
  Mutation: [
    node("addProductsToCart", "CartOutput", ["cartId", "String!"], ["skus", "[String!]"]),
    node("applyCouponToCart", "CartOutput", ["input", "CouponInput!"]),
    leaf("setCart", ["cart_id", "String!"]),
  ],
  CartOutput: [node("cart", "Cart"), leaf("count")],
  Cart: [
    leaf("id"),
    leaf("total"),
    node("items", "Item", ["first", "Int"], ["sort", "Sort"]),
    node("customer", "Customer"),
  ],
  Item: [leaf("uid"), leaf("name", ["upper", "Boolean"]), node("cart", "Cart")],
  Customer: [leaf("email"), node("carts", "Cart", ["filter", "Filter"])],
  Products: [leaf("total_count"), node("items", "Item", ["first", "Int"])],
  Config: [leaf("code"), leaf("title")],
};

export interface RandomDocument {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** `choose(n)` is a number from 0 to n - 1; always 0 makes the plainest document. */
export function writeDocument(choose: (count: number) => number): RandomDocument {
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: { readonly name: string; readonly on: TypeName; readonly text: string }[] = [];
  let keys = 0;

  const pick = <T>(options: readonly [T, ...T[]]): T => options[choose(options.length)] ?? options[0];
  const gap = () => pick([" ", "\n", "\r\n", ",", "\t ", "\r", ' # {$a ...b "\n', "\ufeff "]);
  const times = (count: number, write: () => string) => Array.from({ length: count }, write).join(gap());

  function literal(type: ArgumentType): string {
    switch (type) {
      case "Int":
        return pick(["1", "-7", "0"]);
      case "String":
      case "String!":
        return pick(['"a"', '"é😀"', '"\\"{$x\\u0041"', '"""\n  block "{ $y \\"""\n"""', '""']);
      case "Boolean":
        return pick(["true", "false"]);
      case "Sort":
        return pick(["ASC", "DESC"]);
      case "[String!]":
        return `[${times(choose(3), () => literal("String!"))}]`;
      case "Filter":
        return choose(2) === 0
          ? "{}"
          : `{${gap()}first:${value("Int")}${gap()}name :${value("String")}${gap()}deep:${literal("Filter")}}`;
      case "CouponInput!":
        return `{cart_id:${value("String!")}${gap()}coupon_code:${value("String!")}}`;
    }
  }

  function plain(type: ArgumentType): unknown {
    switch (type) {
      case "Int":
        return pick([3, 0]);
      case "String":
      case "String!":
        return pick(["v", "{$no"]);
      case "Boolean":
        return choose(2) === 0;
      case "Sort":
        return "ASC";
      case "[String!]":
        return ["s"];
      case "Filter":
        return { name: "n", deep: { first: 1 } };
      case "CouponInput!":
        return { cart_id: "c", coupon_code: "k" };
    }
  }

  function value(type: ArgumentType): string {
    return choose(3) === 2 ? `$${variable(type)}` : literal(type);
  }

  function variable(type: ArgumentType | "Boolean!"): string {
    const known = definitions.find((one) => one.includes(`:${type} `));
    const name = `v${definitions.length}`;
    if (known !== undefined && choose(2) === 1) return /\w+/.exec(known)?.[0] ?? name;
    const fallback = choose(3) === 2 && !type.endsWith("!") && type !== "Filter" ? `= ${constant(type)}` : "";
    definitions.push(`$${name}${pick(["", " "])}:${type} ${fallback}`);
    if (fallback === "" || choose(2) === 0) variables[name] = plain(type === "Boolean!" ? "Boolean" : type);
    return name;
  }

  const constant = (type: string) =>
    type === "Int"
      ? "5"
      : type === "Boolean"
        ? "true"
        : type === "Sort"
          ? "DESC"
          : type === "[String!]"
            ? '["d"]'
            : '"d"';

  function directives(): string {
    const condition = () => (choose(2) === 0 ? literal("Boolean") : `$${variable("Boolean!")}`);
    return pick([
      () => "",
      () => "",
      () => `@include(if:${condition()})`,
      () => `@skip(${gap()}if: ${condition()})`,
      () => ` @skip(if:${condition()})@include(if:${condition()})`,
    ])();
  }

  function field({ name, of, arguments: args }: FieldType, depth: number): string {
    const written = args.filter(([, type]) => type.endsWith("!") || choose(2) === 1);
    const list = written.map(([one, type]) => `${one}${pick([":", " : "])}${value(type)}`);
    // Of two fields with one key the arguments and directives would have to agree.
    const alias = list.length > 0 || of !== null || choose(4) === 3 ? `k${keys++}${pick([":", " :\n"])}` : "";
    const plainArgs = list.length === 0 ? "" : `(${list.join(gap())})`;
    const set = of === null ? "" : `{${selections(of, depth)}}`;
    return `${alias}${name}${plainArgs}${alias === "" ? "" : directives()}${set}`;
  }

  function selections(type: TypeName, depth: number): string {
    const leaves = fieldsOf[type].filter(({ of }) => of === null);
    const options = depth >= 4 && leaves.length > 0 ? leaves : fieldsOf[type];
    return times(1 + choose(depth > 2 ? 2 : 4), () => {
      const kind = depth >= 5 ? 0 : choose(6);
      if (kind === 4) {
        return `...${pick(["", ` on ${type}`])}${directives()}{${selections(type, depth + 1)}}`;
      }
      if (kind === 5) return spread(type, depth + 1);
      const one = options[choose(options.length)];
      return one === undefined ? "__typename" : field(one, depth + 1);
    });
  }

  function spread(type: TypeName, depth: number): string {
    const known = fragments.filter(({ on }) => on === type);
    const reused = known[choose(known.length + 1)];
    if (reused !== undefined) return `...${reused.name}${directives()}`;
    const body = selections(type, depth);
    const name = `f${fragments.length}`;
    fragments.push({ name, on: type, text: `fragment ${name} on ${type}{${body}}` });
    return `... ${name} ${directives()}`;
  }

  const [operation, root] = pick<readonly ["query" | "mutation", TypeName]>([
    ["query", "Query"],
    ["mutation", "Mutation"],
  ]);
  const body = selections(root, 0);
  const head = definitions.length === 0 ? "" : `(${definitions.join(gap())})`;
  const texts = [`${operation} Named${gap()}${head} {${body}}`, ...fragments.map(({ text }) => text)];
  const parts = choose(2) === 0 ? texts : texts.toReversed();
  return { text: parts.join(gap()), variables };
}

/** Each field says its type and arguments, so that a wrong argument shows. */
export function answer(text: string, variables: Readonly<Record<string, unknown>>): unknown {
  const cart = (): unknown => ({
    id: "cart",
    total: 7,
    items: (args: unknown) => [
      { uid: JSON.stringify(args), name: (one: unknown) => JSON.stringify(one), cart },
    ],
    customer,
  });
  const customer = (): unknown => ({
    email: "e",
    carts: (args: unknown) => [{ ...Object(cart()), id: JSON.stringify(args) }],
  });
  const output = (args: unknown) => ({ cart: { ...Object(cart()), id: JSON.stringify(args) }, count: 1 });
  const rootValue = {
    cart: (args: unknown) => ({ ...Object(cart()), id: JSON.stringify(args) }),
    customer,
    products: (args: unknown) => ({ total_count: JSON.stringify(args).length, items: [] }),
    storeConfig: { code: "default", title: "t" },
    addProductsToCart: output,
    applyCouponToCart: output,
    setCart: true,
  };
  return execute({ schema, document: parse(text), rootValue, variableValues: variables });
}
