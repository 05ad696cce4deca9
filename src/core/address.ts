/** Addresses cut into their parts: those of requests are in their normal form, and need no parser. */

export interface Address {
  /** With its port, where it is not the scheme's own. */
  readonly host: string;
  readonly hostname: string;
  readonly path: string;
  /** With its question mark, or empty. */
  readonly search: string;
}

/** Of a URL as `Request.url` has it: serialized by the platform, with a path, never with credentials. */
export function splitAddress(url: string): Address {
  const hostStart = url.indexOf("//") + 2;
  const pathStart = url.indexOf("/", hostStart);
  const fragment = url.indexOf("#", pathStart);
  const end = fragment < 0 ? url.length : fragment;
  const mark = url.indexOf("?", pathStart);
  const searchStart = mark < 0 || mark > end ? end : mark;
  const host = url.slice(hostStart, pathStart);
  return {
    host,
    hostname: host.replace(/:[0-9]+$/, ""),
    path: url.slice(pathStart, searchStart),
    search: searchStart + 1 < end ? url.slice(searchStart, end) : "",
  };
}
