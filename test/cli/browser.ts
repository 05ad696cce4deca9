/** What of a browser matters here: it keeps the cookies that localhost may set, and follows redirects. */

export interface Page {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface Browser {
  readonly cookies: ReadonlyMap<string, string>;
  open(path: string): Promise<Page>;
  submit(path: string, fields: Readonly<Record<string, string>>): Promise<Page>;
  setCookie(name: string, value: string): void;
}

export function openBrowser(home: string): Browser {
  const cookies = new Map<string, string>();
  let at = home;

  async function go(url: string, init: RequestInit, hops = 0): Promise<Page> {
    // Whoever leaves localhost is at the real store, where nothing of this is under test any more.
    if (!url.startsWith(`${home}/`)) throw new Error(`the shopper was sent to ${url}`);
    const headers = new Headers(init.headers);
    headers.set("referer", at);
    if (cookies.size > 0) headers.set("cookie", [...cookies].map((pair) => pair.join("=")).join("; "));
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) keepCookie(line, cookies);
    const text = await response.text();
    const location = response.headers.get("location");
    if (location === null || hops > 5) {
      at = url;
      return { url, status: response.status, headers: response.headers, text };
    }
    return go(new URL(location, url).href, {}, hops + 1);
  }

  return {
    cookies,
    open: (path) => go(new URL(path, home).href, {}),
    submit: (path, fields) =>
      go(new URL(path, home).href, {
        method: "POST",
        headers: { origin: home },
        body: new URLSearchParams(fields),
      }),
    setCookie: (name, value) => cookies.set(name, value),
  };
}

/** RFC 6265 §5.3 for a host without dots over plain http: a foreign Domain is refused, and Secure too. */
function keepCookie(line: string, cookies: Map<string, string>): void {
  const [pair = "", ...attributes] = line.split(";").map((part) => part.trim());
  const has = (name: string) => attributes.find((text) => text.toLowerCase().startsWith(name));
  const domain = has("domain=")?.slice(7);
  const prefixed = /^__(Host|Secure)-/.test(pair);
  if ((domain !== undefined && domain !== "localhost") || (has("secure") && !prefixed)) return;
  const equals = pair.indexOf("=");
  const gone = has("max-age=0") !== undefined || Date.parse(has("expires=")?.slice(8) ?? "") < Date.now();
  if (gone) cookies.delete(pair.slice(0, equals));
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
}
