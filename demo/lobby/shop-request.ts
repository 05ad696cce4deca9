/** A request to the shop as this shopper's browser would send it, and the plan that comes with the answer. */

import type { ToldPlan } from "./reason.ts";

/** Any well-formed key will do, as long as cookie and form agree: that is what the check is. */
const anyFormKey = "Dem0Dem0Dem0Dem0";

export function shopRequest(request: Request, path: string, init: RequestInit): Request {
  return new Request(new URL(path, request.url), init);
}

/** A form of the shop's, sent by script. */
export function formRequest(
  request: Request,
  path: string,
  fields: Readonly<Record<string, string>>,
): Request {
  const cookie = withFormKey(request.headers.get("cookie") ?? "");
  const key = /(?:^|;\s*)form_key=([^;]+)/.exec(cookie)?.[1] ?? anyFormKey;
  return shopRequest(request, path, {
    method: "POST",
    headers: { cookie, "x-requested-with": "XMLHttpRequest" },
    body: new URLSearchParams({ ...fields, form_key: key }),
    redirect: "manual",
  });
}

/** Null where the Worker gave none. */
export function planOf(response: Response): ToldPlan | null {
  const header = response.headers.get("edge-audiences-plan");
  if (header === null) return null;
  try {
    return JSON.parse(header) as ToldPlan;
  } catch {
    return null;
  }
}

function withFormKey(cookies: string): string {
  if (/(?:^|;\s*)form_key=/.test(cookies)) return cookies;
  return cookies === "" ? `form_key=${anyFormKey}` : `${cookies}; form_key=${anyFormKey}`;
}
