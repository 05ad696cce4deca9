/** The ways in which a store's pages write an address: plain, and as each escaper of Magento and PHP does. */

/** One way to write a text of ASCII. */
export type Spelling = (text: string) => string;

const plain: Spelling = (text) => text;

/** `http:\/\/`: PHP's json_encode. */
const json: Spelling = (text) => text.replaceAll("/", String.raw`\/`);

/** `http:\\\/\\\/`: JSON that is a text inside of JSON. */
const jsonInJson: Spelling = (text) => text.replaceAll("/", String.raw`\\\/`);

/** `http\u003A\u002F\u002F`: Magento's escapeJs. */
const script: Spelling = (text) =>
  text.replace(/[^a-z0-9,._]/gi, (character) => `\\u${hex(character).padStart(4, "0")}`);

/** `http%3A%2F%2F`: in a query. */
const percent: Spelling = (text) => encodeURIComponent(text);

/** `http%253A%252F%252F`: in a query of an address in a query. */
const percentTwice: Spelling = (text) => encodeURIComponent(encodeURIComponent(text));

/** `http&#x3A;&#x2F;&#x2F;`: Magento's escapeHtmlAttr. */
const attribute: Spelling = (text) =>
  text.replace(/[^a-z0-9,._-]/gi, (character) => `&#x${hex(character).padStart(2, "0")};`);

/** JSON in a script's string: escapeJs over json_encode. */
const jsonInScript: Spelling = (text) => script(json(text));

export const spellings: readonly Spelling[] = [
  plain,
  json,
  jsonInJson,
  script,
  percent,
  percentTwice,
  attribute,
  jsonInScript,
];

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).toUpperCase();
}
