/** Small stores of a test's own, each with one thing that `npm run store:check` must find, over a real GraphQL validator. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  buildSchema,
  execute,
  Kind,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  visit,
} from "graphql";

export interface Said {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

export interface Pretence {
  /** By path, over the defaults; `hang` never answers. `*` stands for all others. */
  readonly pages?: Readonly<Record<string, Said | "hang" | ((request: IncomingMessage) => Said)>>;
  readonly schema?: string;
  readonly root?: Readonly<Record<string, unknown>>;
  readonly introspection?: boolean;
  /** Whether GraphQL takes GETs; it does. */
  readonly byGet?: boolean;
  readonly aliasLimit?: number;
  readonly complexityLimit?: number;
  readonly graphqlHeaders?: Readonly<Record<string, string>>;
}

export interface Received {
  readonly method: string;
  readonly path: string;
  /** The document of a GraphQL request. */
  readonly document: string | null;
}

export interface PretendStore {
  readonly url: string;
  readonly received: Received[];
  stop(): Promise<void>;
}

export const lumaPage = (body = "") => `<!doctype html><html lang="en"><head>
<script src="/static/version17/frontend/Acme/summer/en_US/requirejs/require.js"></script></head>
<body>${body}<a href="/women.html">Women</a></body></html>`;

export const plainSchema = `
type Query { storeConfig: StoreConfig availableStores: [StoreConfig] }
type StoreConfig { store_code: ID website_code: ID base_url: String use_store_in_url: Boolean is_default_store: Boolean }
`;

const plainRoot = { storeConfig: { store_code: "default" }, availableStores: [{ store_code: "default" }] };

export async function startPretendStore(pretence: Pretence = {}): Promise<PretendStore> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const url = new URL(request.url ?? "/", "http://store");
    const document = documentOf(request, url, body);
    received.push({ method: request.method ?? "", path: url.pathname, document });
    const written =
      pretence.pages?.[url.pathname] ??
      pretence.pages?.["*"] ??
      pageOf(url.pathname, request.method === "GET" && pretence.byGet === false ? null : document, pretence);
    if (written === "hang") return;
    answer(response, typeof written === "function" ? written(request) : written);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, said: Said): void {
  const headers = { "content-type": said.type ?? "text/html; charset=UTF-8", ...said.headers };
  response.writeHead(said.status ?? 200, headers as Record<string, string>);
  response.end(said.body ?? lumaPage());
}

function documentOf(request: IncomingMessage, url: URL, body: string): string | null {
  if (url.pathname !== "/graphql") return null;
  if (request.method === "GET") return url.searchParams.get("query");
  return (JSON.parse(body) as { readonly query: string }).query;
}

function pageOf(path: string, document: string | null, pretence: Pretence): Said {
  if (document !== null) return answerGraphql(document, pretence);
  if (path === "/checkout/") return { status: 302, headers: { location: "/checkout/cart/" } };
  const there = ["/", "/women.html", "/customer/account/login/", "/checkout/cart/"].includes(path);
  return there ? {} : { status: 404 };
}

/** As Commerce: limits first, then the validator, then the resolvers. */
function answerGraphql(text: string, pretence: Pretence): Said {
  const {
    schema: written = plainSchema,
    root = plainRoot,
    introspection = true,
    graphqlHeaders = {},
  } = pretence;
  const schema = buildSchema(written);
  const document = parse(text);
  let aliases = 0;
  let fields = 0;
  visit(document, {
    Field(node) {
      fields += 1;
      if (node.alias?.kind === Kind.NAME) aliases += 1;
    },
  });
  const rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  const refused = [
    ...limit("Aliases in query", pretence.aliasLimit, aliases),
    ...limit("query complexity", pretence.complexityLimit, fields),
  ];
  const errors = refused.length > 0 ? refused : validate(schema, document, rules);
  const result = errors.length > 0 ? { errors } : execute({ schema, document, rootValue: root });
  return { type: "application/json", headers: graphqlHeaders, body: JSON.stringify(result) };
}

function limit(kind: string, most: number | undefined, found: number) {
  if (most === undefined || found <= most) return [];
  return [{ message: `Max ${kind} should be ${most} but got ${found}.` }];
}
