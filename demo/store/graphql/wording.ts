/** Says what graphql-js refuses in the words of webonyx, the GraphQL that Commerce has. */

/** The patterns are graphql-js 17's. A message that none of them knows stays, without its suggestion. */
const phrases: readonly (readonly [pattern: RegExp, words: string])[] = [
  [
    /^Expected value of type "([^"]+)" not to include unknown field "([^"]+)".*$/s,
    'Field "$2" is not defined by type "$1".',
  ],
  [
    /^Unknown argument "([^"]+)" on field "([^".]+)\.([^"]+)".*$/s,
    'Unknown argument "$1" on field "$3" of type "$2".',
  ],
  [
    /^Argument "\w+\.(\w+)\((\w+):\)" of type "([^"]+)" is required.*$/s,
    'Field "$1" argument "$2" of type "$3" is required but not provided.',
  ],
];

const notInInput = /^Expected value of type "([^"]+)" to include required field "([^"]+)".*$/s;
const badVariable = /^Variable "\$(\w+)" got invalid value .*?(?: at "\w+([^"]*)")?; (.*)$/s;

/** `typeOf` knows the type of an input's field; the variables are told to who sent them. */
export function inCommerceWords(
  message: string,
  {
    variables,
    typeOf,
  }: {
    readonly variables: Readonly<Record<string, unknown>> | null;
    readonly typeOf: (input: string, field: string) => string;
  },
): string {
  const bad = badVariable.exec(message);
  if (bad !== null) {
    const [, name = "", path = "", why = ""] = bad;
    const at = path === "" ? "" : ` at "${name}${path}"`;
    const value = path
      .split(".")
      .slice(1)
      .reduce<unknown>(step, variables?.[name] ?? null);
    const missing = notInInput.exec(why);
    const told =
      missing === null
        ? inCommerceWords(why, { variables, typeOf })
        : `Field "${missing[2]}" of required type "${typeOf(missing[1] ?? "", missing[2] ?? "")}" was not provided.`;
    return `Variable "$${name}" got invalid value ${JSON.stringify(value)}${at}; ${told}`;
  }
  const [, input, field] = notInInput.exec(message) ?? [];
  if (input !== undefined && field !== undefined) {
    return `Field ${input}.${field} of required type ${typeOf(input, field)} was not provided.`;
  }
  const phrase = phrases.find(([pattern]) => pattern.test(message));
  if (phrase !== undefined) return message.replace(phrase[0], phrase[1]);
  return message.replace(/ Did you mean .*\?$/, "");
}

function step(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return null;
  return new Map<string, unknown>(Object.entries(value)).get(key) ?? null;
}
