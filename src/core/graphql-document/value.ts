/** What a value in a document means, given the variables of the request. */

import type { Field, GraphqlDocument, Value } from "../graphql-document.ts";

/** As the client sent them; null: none. */
export type Variables = Readonly<Record<string, unknown>> | null;

/**
 * The plain value: an absent variable has its default, else it is undefined, in a list null. Enums are their
 * names. Objects have no prototype.
 */
export function resolveValue(value: Value, document: GraphqlDocument, variables: Variables): unknown {
  switch (value.kind) {
    case "scalar":
      return value.value;
    case "enum":
      return value.name;
    case "variable":
      return resolveVariable(value.name, document, variables);
    case "list":
      return value.items.map((item) => resolveValue(item, document, variables) ?? null);
    case "object": {
      const object: Record<string, unknown> = Object.create(null);
      for (const [name, field] of value.fields) {
        const resolved = resolveValue(field.value, document, variables);
        if (resolved !== undefined) object[name] = resolved;
      }
      return object;
    }
  }
}

function resolveVariable(name: string, document: GraphqlDocument, variables: Variables): unknown {
  if (variables !== null && Object.hasOwn(variables, name)) return variables[name];
  const fallback = document.variables.get(name)?.defaultValue;
  return fallback && resolveValue(fallback, document, null);
}

/** False only where Commerce surely leaves the field out: what it would refuse to read counts as included. */
export function isIncluded(field: Field, document: GraphqlDocument, variables: Variables): boolean {
  return field.conditions.every(({ kind, if: condition }) => {
    const met = resolveValue(condition, document, variables);
    return kind === "include" ? met !== false : met !== true;
  });
}
