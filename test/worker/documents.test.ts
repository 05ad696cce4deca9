/** The isolate's memory of documents: bounded, and never in the way. Its bounds can't be seen from outside. */

import { expect, it } from "vitest";
import { openDocumentMemory } from "../../src/edge/documents.ts";

const open = () => openDocumentMemory({ maxDocuments: 3, maxLength: 100 });

it("a document is read once, and a bad one too", () => {
  const memory = open();
  expect(memory.read("{a}")).toMatchObject({ ok: true, value: { operation: "query" } });
  expect(memory.read("{a}")).toBe(memory.read("{a}"));
  expect(memory.read("{")).toEqual({ ok: false, error: "syntax" });
  expect(memory.read("{")).toBe(memory.read("{"));
});

it("what was used least recently goes first, by count", () => {
  const memory = open();
  const [a] = ["{a}", "{b}", "{c}"].map((text) => memory.read(text));
  expect(memory.read("{a}")).toBe(a);
  const b = memory.read("{b}");
  memory.read("{c}");
  memory.read("{a}");
  memory.read("{d}");
  expect(memory.read("{a}")).toBe(a);
  expect(memory.read("{b}")).not.toBe(b);
});

it("what was used least recently goes first, by length; a document as long as all is kept alone", () => {
  const memory = open();
  const a = memory.read("{a}");
  const long = `{${"a ".repeat(49)}}`;
  const read = memory.read(long);
  expect(memory.read(long)).toBe(read);
  expect(memory.read("{a}")).not.toBe(a);
  expect(memory.read(long)).not.toBe(read);
});

it("a document that is too long to read pushes no other out", () => {
  const memory = openDocumentMemory({ maxDocuments: 3, maxLength: 70_000 });
  const a = memory.read("{a}");
  expect(memory.read(`{a(b:"${"x".repeat(100_000)}")}`)).toEqual({ ok: false, error: "too-long" });
  expect(memory.read("{a}")).toBe(a);
});
