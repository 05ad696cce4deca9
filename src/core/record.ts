/** Records: what a JSON object is once it is parsed, and a list is not. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
