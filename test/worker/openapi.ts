/** Holds an answer against an OpenAPI 3.1 document: as much of JSON Schema as ours uses, and no keyword unread. */

import type { Answer } from "./edge.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Node = { readonly [key: string]: Json };

const isNode = (value: Json | undefined): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What of the answer the document does not say; other methods than it names are its `x-otherwise`. */
export function mismatches(document: Json, call: { path: string; method: string }, answer: Answer): string[] {
  const at = `${call.method} ${call.path} ${answer.status}`;
  const operations = dig(document, "paths", call.path);
  const operation = dig(operations, call.method.toLowerCase()) ?? dig(operations, "x-otherwise");
  const response = resolve(document, dig(operation, "responses", String(answer.status)));
  if (!isNode(response)) return [`${at}: not described`];
  const found: string[] = [];
  for (const [name, described] of Object.entries(isNode(response["headers"]) ? response["headers"] : {})) {
    const value = answer.header(name.toLowerCase());
    if (value === null) found.push(`${at}: no ${name}`);
    else found.push(...check(document, dig(described, "schema"), value, `${at} ${name}`));
  }
  const content = response["content"];
  if (!isNode(content))
    return answer.text() === "" ? found : [...found, `${at}: a body that is not described`];
  const type = answer.header("content-type") ?? "";
  const schema = dig(content, type, "schema");
  if (schema === undefined) return [...found, `${at}: ${type} is not described`];
  const body = type.endsWith("json") ? JSON.parse(answer.text()) : answer.text();
  return [...found, ...check(document, schema, body, at)];
}

function dig(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((node, key) => (isNode(node) ? node[key] : undefined), value);
}

function resolve(document: Json, value: Json | undefined): Json | undefined {
  const reference = dig(value, "$ref");
  return typeof reference === "string" ? dig(document, ...reference.slice(2).split("/")) : value;
}

const typeOf = (value: Json) =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "array"
      : Number.isInteger(value)
        ? "integer"
        : typeof value;

function check(document: Json, written: Json | undefined, value: Json, at: string): string[] {
  const schema = resolve(document, written);
  if (!isNode(schema)) return [`${at}: no schema`];
  const found: string[] = [];
  for (const [keyword, wanted] of Object.entries(schema)) {
    switch (keyword) {
      case "description":
      case "examples":
      case "required":
      case "additionalProperties":
        break;
      case "type":
        if (![wanted].flat().includes(typeOf(value))) found.push(`${at}: ${typeOf(value)} is no ${wanted}`);
        break;
      case "enum":
        if (!(wanted as readonly Json[]).includes(value)) found.push(`${at}: ${value} is none of ${wanted}`);
        break;
      case "const":
        if (value !== wanted) found.push(`${at}: ${value} is not ${wanted}`);
        break;
      case "pattern":
        if (!new RegExp(String(wanted)).test(String(value))) found.push(`${at}: ${value} is not ${wanted}`);
        break;
      case "items":
        for (const [n, item] of (value as readonly Json[]).entries())
          found.push(...check(document, wanted, item, `${at}[${n}]`));
        break;
      case "properties":
        found.push(...checkProperties(document, schema, value, at));
        break;
      default:
        found.push(`${at}: the keyword ${keyword} is not read`);
    }
  }
  return found;
}

function checkProperties(document: Json, schema: Node, value: Json, at: string): string[] {
  if (!isNode(value)) return [];
  const properties = schema["properties"] as Node;
  const missing = ((schema["required"] ?? []) as readonly string[]).filter((key) => !(key in value));
  const extra = Object.keys(value).filter(
    (key) => schema["additionalProperties"] === false && !(key in properties),
  );
  return [
    ...missing.map((key) => `${at}: no ${key}`),
    ...extra.map((key) => `${at}: ${key} is not described`),
    ...Object.entries(properties).flatMap(([key, one]) =>
      value[key] === undefined ? [] : check(document, one, value[key], `${at}.${key}`),
    ),
  ];
}
