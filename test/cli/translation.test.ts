/** Between the store's address and localhost: what is translated, what is not, and that no cut of a stream matters. */

import { expect, test } from "vitest";
import { openTranslation } from "../../cli/dev/translation.ts";

const store = new URL("https://shop.example");
const { open, toBrowser, toStore } = openTranslation(store, new URL("http://localhost:8787"));

test.each([
  ["plain", '<a href="https://shop.example/a">', '<a href="http://localhost:8787/a">'],
  ["plain, the other scheme", "http://shop.example", "http://localhost:8787"],
  ["its default port named", "https://shop.example:443/a", "http://localhost:8787/a"],
  ["without a scheme", 'src="//shop.example/a"', 'src="//localhost:8787/a"'],
  ["a websocket", "wss://shop.example/live", "ws://localhost:8787/live"],
  ["JSON", String.raw`"https:\/\/shop.example\/a"`, String.raw`"http:\/\/localhost:8787\/a"`],
  [
    "JSON in JSON",
    String.raw`\"https:\\\/\\\/shop.example\\\/a\"`,
    String.raw`\"http:\\\/\\\/localhost:8787\\\/a\"`,
  ],
  [
    "a script's text",
    String.raw`\u0027https\u003A\u002F\u002Fshop.example\u002Fa`,
    String.raw`\u0027http\u003A\u002F\u002Flocalhost\u003A8787\u002Fa`,
  ],
  ["a query", "u%3Dhttps%3A%2F%2Fshop.example%2Fa", "u%3Dhttp%3A%2F%2Flocalhost%3A8787%2Fa"],
  ["a query, lower case", "https%3a%2f%2fshop.example", "http%3A%2F%2Flocalhost%3A8787"],
  ["a query in a query", "https%253A%252F%252Fshop.example", "http%253A%252F%252Flocalhost%253A8787"],
  ["an attribute", "https&#x3A;&#x2F;&#x2F;shop.example", "http&#x3A;&#x2F;&#x2F;localhost&#x3A;8787"],
])("%s leads to localhost", (_, written, expected) => {
  expect(toBrowser(written)).toBe(expected);
});

test.each([
  "https://shop.example.evil.test/",
  "https://shop.example:8443/",
  "https://my-shop.example/",
  "https://www.shop.example/",
  "https://shop.example-two.test/",
  "mail@shop.example",
  "ftp://shop.example/",
  "https://other.test//shop.example/",
])("%s is another address and stays", (written) => {
  expect(toBrowser(written)).toBe(written);
});

test("wherever a stream is cut, the text is the same", () => {
  const text = `caf\xe9 https://shop.example/a ${" ".repeat(300)}"\\/\\/shop.example\\/b" https://shop.example.evil.test/`;
  const translate = (...pieces: string[]) => {
    const translator = open("html");
    return pieces.map((piece) => translator.push(piece)).join("") + translator.end();
  };
  const whole = translate(text);
  expect(whole).toBe(toBrowser(text));
  for (let cut = 0; cut <= text.length; cut += 1) {
    expect(translate(text.slice(0, cut), text.slice(cut))).toBe(whole);
  }
  expect(translate(...text)).toBe(whole);
});

test("only an address of the browser's own becomes the store's", () => {
  expect(toStore("http://localhost:8787/a?b=http://localhost:8787/")).toBe(
    "https://shop.example/a?b=http://localhost:8787/",
  );
  expect(toStore("http://localhost:8787")).toBe("https://shop.example");
  expect(toStore("http://localhost:3000")).toBe("http://localhost:3000");
  expect(toStore("null")).toBe("null");
});

test("a store on localhost itself, on another port, is translated once", () => {
  const near = openTranslation(new URL("http://localhost:8080"), new URL("http://localhost:8787"));
  const text = "http://localhost:8080/a http://localhost/b http://localhost:8787/c";
  expect(near.toBrowser(text)).toBe("http://localhost:8787/a http://localhost/b http://localhost:8787/c");
  const plain = openTranslation(new URL("http://localhost"), new URL("http://localhost:8787"));
  expect(plain.toBrowser("http://localhost/a http://localhost:8787/b")).toBe(
    "http://localhost:8787/a http://localhost:8787/b",
  );
});
