/** The isolate's memory of documents: bounded, and never in the way. Its bounds can't be seen from outside. */

import { expect, it } from "vitest";
import { openDocumentMemory } from "../../src/edge/documents.ts";

/** Room for three documents of one field. */
const open = () => openDocumentMemory(3_300);

it("a document is read once, and a bad one too", () => {
  const memory = open();
  expect(memory.read("{a}")).toMatchObject({ ok: true, value: { operation: "query" } });
  expect(memory.read("{a}")).toBe(memory.read("{a}"));
  expect(memory.read("{")).toEqual({ ok: false, error: "syntax" });
  expect(memory.read("{")).toBe(memory.read("{"));
});

it("what was used least recently goes first", () => {
  const memory = open();
  const [a, b] = ["{a}", "{b}", "{c}"].map((text) => memory.read(text));
  expect(memory.read("{b}")).toBe(b);
  expect(memory.read("{a}")).toBe(a);
  memory.read("{d}");
  memory.read("{e}");
  expect(memory.read("{a}")).toBe(a);
  expect(memory.read("{b}")).not.toBe(b);
});

it("a small document that opens into many fields takes the room of many", () => {
  const memory = openDocumentMemory(100_000);
  const a = memory.read("{a}");
  memory.read("{...f ...f} fragment f on Query {...g ...g} fragment g on Query {a}");
  expect(memory.read("{a}")).toBe(a);
  const many = `{${"a ".repeat(300)}}`;
  const read = memory.read(many);
  expect(memory.read(many)).not.toBe(read);
  expect(memory.read("{a}")).not.toBe(a);
});

it("a document that is too long to read pushes no other out", () => {
  const memory = open();
  const a = memory.read("{a}");
  expect(memory.read(`{a(b:"${"x".repeat(100_000)}")}`)).toEqual({ ok: false, error: "too-long" });
  expect(memory.read("{a}")).toBe(a);
});
