/** What an isolate remembers of Commerce has an end; no page brings enough to provoke it from outside. */

import { describe, expect, it } from "vitest";
import { openContentMemory } from "../../src/edge/content-memory.ts";

const keptOf = (memory: { get(key: string): number | undefined }, keys: readonly string[]) =>
  keys.filter((key) => memory.get(key) !== undefined);

describe("an isolate's memory of content", () => {
  it("forgets the oldest beyond so many", () => {
    const memory = openContentMemory<number>(2, 1_000);
    for (const key of ["a", "b", "a", "c"]) memory.set(key, 1, 10);
    expect(keptOf(memory, ["a", "b", "c"])).toEqual(["a", "c"]);
  });

  it("forgets as many as have to go for one that is long, and itself where it is longer than all may be", () => {
    const memory = openContentMemory<number>(100, 100);
    for (const key of ["a", "b", "c"]) memory.set(key, 1, 30);
    memory.set("d", 1, 60);
    expect(keptOf(memory, ["a", "b", "c", "d"])).toEqual(["c", "d"]);
    memory.set("e", 1, 200);
    expect(keptOf(memory, ["a", "b", "c", "d", "e"])).toEqual([]);
    memory.set("f", 1, 98);
    expect(keptOf(memory, ["f"])).toEqual(["f"]);
  });

  it("counts what is written again once", () => {
    const memory = openContentMemory<number>(100, 100);
    memory.set("a", 1, 40);
    for (let time = 0; time < 10; time += 1) memory.set("b", time, 50);
    expect(keptOf(memory, ["a", "b"])).toEqual(["a", "b"]);
    expect(memory.get("b")).toBe(9);
  });
});
