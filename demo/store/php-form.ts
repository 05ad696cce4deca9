/** Parameters of a request as PHP and Magento find them: in the path, in the query, in the form. */

import type { Visit } from "./visit.ts";

/**
 * A field as Magento's `getParam` gives it: `/name/value/` behind the action first, then the query, then
 * the form. `action` is the path that the pairs stand behind.
 */
export function paramOf(
  visit: Visit,
  { form, action, name }: { readonly form: FormData; readonly action: string; readonly name: string },
): string | null {
  return (
    pathParams(visit.path.slice(action.length)).get(name) ??
    readFields(visit.url.searchParams).get(name) ??
    readFields(form).get(name) ??
    null
  );
}

/** Of two fields with one name the last counts, and a name is made one that a PHP variable could have. */
export function readFields(pairs: Iterable<readonly [string, string | File]>): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [written, value] of pairs) {
    if (typeof value !== "string") continue;
    const [before = ""] = written.split("\0");
    const name = before.replace(/^ +/, "");
    // `coupon_code[]` makes an array of it, which no action here reads as text.
    if (/^[^[]+\[.*\]/.test(name)) continue;
    fields.set(name.replace(/[ .[]/g, "_"), value);
  }
  return fields;
}

function pathParams(rest: string): ReadonlyMap<string, string> {
  const parts = rest.split("/").filter((part) => part !== "");
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < parts.length; index += 2) {
    found.set(parts[index] ?? "", decode(parts[index + 1] ?? ""));
  }
  return found;
}

/** PHP's `urldecode`: a plus is a space. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
