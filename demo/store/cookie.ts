/** Reads the Cookie header as PHP does and writes Set-Cookie lines as Magento does. */

export interface SetCookie {
  readonly name: string;
  readonly value: string;
  readonly nowMs: number;
  readonly maxAgeSeconds: number;
  readonly path?: string;
  readonly domain?: string;
  readonly httpOnly?: true;
  readonly sameSite: "Lax" | "Strict";
}

/** The first of two cookies with one name wins, and values are percent-decoded, both as in PHP. */
export function readCookies(header: string | null): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim();
    if (name !== "" && !cookies.has(name)) cookies.set(name, percentDecode(pair.slice(equals + 1).trim()));
  }
  return cookies;
}

export function writeCookie(cookie: SetCookie): string {
  const expires = new Date(cookie.nowMs + cookie.maxAgeSeconds * 1000).toUTCString();
  const parts = [
    `${cookie.name}=${cookie.value}`,
    `expires=${expires}`,
    `Max-Age=${cookie.maxAgeSeconds}`,
    `path=${cookie.path ?? "/"}`,
  ];
  if (cookie.domain !== undefined) parts.push(`domain=${cookie.domain}`);
  if (cookie.httpOnly) parts.push("HttpOnly");
  parts.push(`SameSite=${cookie.sameSite}`);
  return parts.join("; ");
}

/** Magento's own way to take a cookie back: the value `deleted`, a year ago. */
export function deleteCookie(name: string, nowMs: number): string {
  const expires = new Date(nowMs - 31_536_000_000).toUTCString();
  return `${name}=deleted; expires=${expires}; Max-Age=0; path=/; HttpOnly; SameSite=Lax`;
}

/** PHP leaves a broken escape as it stands and decodes the others. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
}
