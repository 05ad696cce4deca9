/** JSON edited as text: what is not edited keeps its bytes, numbers that JavaScript can't hold among them. */

import { endOfString } from "./edge-network/json.ts";

/** A key of an object, or a place in a list. */
export type JsonPath = readonly (string | number)[];

/** Objects that a value's path lacks are made; nothing is made in a list, nor in place of another value. */
export type JsonEdit =
  | { readonly path: JsonPath; readonly remove: true }
  | { readonly path: JsonPath; readonly value: unknown };

/** `text` from `start` to `end` is a value. */
export interface JsonPlace {
  readonly start: number;
  readonly end: number;
}

export interface JsonMember extends JsonPlace {
  readonly key: string;
}

/** The members of the object at the start of a text that `readJson` has accepted, with the places of the values. */
export function membersOf(text: string): readonly JsonMember[] {
  const members: JsonMember[] = [];
  for (let at = next(text, next(text, 0) + 1); text[at] === '"'; ) {
    const closing = endOfString(text, at);
    const start = next(text, next(text, closing + 1) + 1);
    const end = endOfValue(text, start);
    members.push({ key: text.slice(at + 1, closing), start, end });
    at = next(text, end);
    if (text[at] === ",") at = next(text, at + 1);
  }
  return members;
}

function itemsOf(text: string): readonly JsonPlace[] {
  const items: JsonPlace[] = [];
  for (let start = next(text, next(text, 0) + 1); start < text.length && text[start] !== "]"; ) {
    const end = endOfValue(text, start);
    items.push({ start, end });
    const after = next(text, end);
    start = text[after] === "," ? next(text, after + 1) : after;
  }
  return items;
}

/** The next place that is no white space. */
function next(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at += 1;
  return at;
}

function endOfValue(text: string, start: number): number {
  let nesting = 0;
  for (let at = start; at < text.length; at += 1) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at);
        if (nesting === 0) return at + 1;
        break;
      case "{":
      case "[":
        nesting += 1;
        break;
      case "}":
      case "]":
        nesting -= 1;
        if (nesting <= 0) return nesting === 0 ? at + 1 : at;
        break;
      case ",":
      case " ":
      case "\n":
      case "\r":
      case "\t":
        if (nesting === 0) return at;
        break;
    }
  }
  return text.length;
}

/** A value of accepted JSON with all edits; where several are of one place, the last one counts. */
export function editJson(raw: string, edits: readonly JsonEdit[]): string {
  if (edits.length === 0) return raw;
  const own = edits.findLast(({ path }) => path.length === 0);
  if (own !== undefined) return "value" in own ? write(own.value) : raw;
  switch (raw[next(raw, 0)]) {
    case "{":
      return editObject(raw, edits);
    case "[":
      return editList(raw, edits);
    case "n":
      return edits.some(makes) ? editObject("{}", edits.filter(makes)) : raw;
    default:
      return raw;
  }
}

/** Whether the edit makes what its path lacks. */
const makes = (edit: JsonEdit) => "value" in edit && edit.path.every((one) => typeof one === "string");

const write = (value: unknown) => JSON.stringify(value) ?? "null";

function editObject(raw: string, edits: readonly JsonEdit[]): string {
  const members = membersOf(raw);
  const known = new Set(members.map(({ key }) => key));
  const added = new Set(edits.filter(makes).flatMap(({ path }) => path[0] ?? []));
  const written = [
    ...members.flatMap(({ key, start, end }) => {
      const value = editInside(raw.slice(start, end), key, edits);
      return value === null ? [] : [`"${key}":${value}`];
    }),
    ...[...added].flatMap((key) => {
      if (typeof key !== "string" || known.has(key)) return [];
      const value = editInside("null", key, edits);
      return value === null ? [] : [`${write(key)}:${value}`];
    }),
  ];
  return `{${written.join(",")}}`;
}

function editList(raw: string, edits: readonly JsonEdit[]): string {
  const items = itemsOf(raw).flatMap(
    ({ start, end }, at) => editInside(raw.slice(start, end), at, edits) ?? [],
  );
  return `[${items.join(",")}]`;
}

/** What becomes of a member or an item; null: it goes. */
function editInside(raw: string, key: string | number, edits: readonly JsonEdit[]): string | null {
  if (!edits.some(({ path }) => path[0] === key)) return raw;
  const inside = edits
    .filter(({ path }) => path[0] === key)
    .map((edit): JsonEdit => ({ ...edit, path: edit.path.slice(1) }));
  const own = inside.findLast(({ path }) => path.length === 0);
  return own !== undefined && "remove" in own ? null : editJson(raw, inside);
}
