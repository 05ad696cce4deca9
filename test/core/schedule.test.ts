import { describe, expect, it } from "vitest";
import { isLive, parseSchedule } from "../../src/core/schedule.ts";

const at = (text: string) => Date.parse(text);

describe("a schedule", () => {
  it("begins with its start and ends before its end", () => {
    const read = parseSchedule({ from: "2026-12-24T10:00+01:00", until: "2026-12-27T00:00:00Z" });
    expect(read).toEqual({
      ok: true,
      value: { fromMs: at("2026-12-24T09:00:00Z"), untilMs: at("2026-12-27T00:00:00Z") },
    });
    if (!read.ok) return;
    expect(isLive(read.value, at("2026-12-24T08:59:59.999Z"))).toBe(false);
    expect(isLive(read.value, at("2026-12-24T09:00:00Z"))).toBe(true);
    expect(isLive(read.value, at("2026-12-26T23:59:59.999Z"))).toBe(true);
    expect(isLive(read.value, at("2026-12-27T00:00:00Z"))).toBe(false);
  });

  it.each([
    ["Europe/Berlin", "2026-01-15T10:00", "2026-01-15T09:00:00Z"],
    ["Europe/Berlin", "2026-07-15T10:00", "2026-07-15T08:00:00Z"],
    ["America/New_York", "2026-11-27T00:00", "2026-11-27T05:00:00Z"],
    ["Asia/Kolkata", "2026-11-27T00:00", "2026-11-26T18:30:00Z"],
    ["Pacific/Kiritimati", "2026-01-01T00:00", "2025-12-31T10:00:00Z"],
    ["Pacific/Niue", "2026-01-01T00:00:30", "2026-01-01T11:00:30Z"],
    ["UTC", "2026-01-01T00:00", "2026-01-01T00:00:00Z"],
  ])("in %s, %s is %s", (timeZone, from, instant) => {
    expect(parseSchedule({ from, timeZone })).toEqual({
      ok: true,
      value: { fromMs: at(instant), untilMs: null },
    });
  });

  it("an hour that comes twice is meant the first time", () => {
    const read = parseSchedule({ from: "2026-10-25T02:30", timeZone: "Europe/Berlin" });
    expect(read).toMatchObject({ value: { fromMs: at("2026-10-25T00:30:00Z") } });
  });

  it("the hours beside a change of the clocks are where the clocks are", () => {
    const zone = { timeZone: "Europe/Berlin" };
    expect(parseSchedule({ from: "2026-03-29T01:59", ...zone })).toMatchObject({
      value: { fromMs: at("2026-03-29T00:59:00Z") },
    });
    expect(parseSchedule({ from: "2026-03-29T03:00", ...zone })).toMatchObject({
      value: { fromMs: at("2026-03-29T01:00:00Z") },
    });
  });

  it("takes the website's time zone where it names none, and an offset before any", () => {
    expect(parseSchedule({ from: "2026-01-15T10:00" }, "Europe/Berlin")).toMatchObject({
      value: { fromMs: at("2026-01-15T09:00:00Z") },
    });
    expect(parseSchedule({ from: "2026-01-15T10:00Z" }, "Europe/Berlin")).toMatchObject({
      value: { fromMs: at("2026-01-15T10:00:00Z") },
    });
  });

  it.each([
    [{ from: "2026-03-29T02:30", timeZone: "Europe/Berlin" }, "from", "skip"],
    [{ from: "2026-12-24T10:00" }, "from", "time zone"],
    [{ from: "2026-02-30T10:00Z" }, "from", "expected a time like"],
    [{ from: "24.12.2026" }, "from", "expected a time like"],
    [{ until: "2026-12-24T25:00Z" }, "until", "expected a time like"],
    [{ from: "2026-12-24T10:00+99:00" }, "from", "offset"],
    [{ from: "2026-12-24T10:00Z", until: "2026-12-24T10:00Z" }, "until", "never be live"],
    [{ from: "2026-12-24T10:00", timeZone: "Europe/Atlantis" }, "timeZone", "no time zone"],
  ])("%j is refused in words", (written, key, word) => {
    const read = parseSchedule(written);
    expect(read).toMatchObject({ ok: false, error: [{ key, message: expect.stringContaining(word) }] });
  });

  it("both ends are told at once", () => {
    const read = parseSchedule({ from: "soon", until: "later" });
    expect(read).toMatchObject({ error: [{ key: "from" }, { key: "until" }] });
  });

  it("none is always", () => {
    expect(isLive(null, 0)).toBe(true);
    expect(isLive({ fromMs: null, untilMs: null }, 0)).toBe(true);
  });
});
