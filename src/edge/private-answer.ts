/** Answers that are one shopper's: nobody keeps them, neither a browser nor a cache. */

/** What lets a browser or a cache keep an answer, or ask whether it still may. */
const cachingHeaders = [
  "etag",
  "last-modified",
  "expires",
  "pragma",
  "age",
  "accept-ranges",
  "cdn-cache-control",
  "cloudflare-cdn-cache-control",
  "surrogate-control",
];

export function makePrivate(headers: Headers): void {
  for (const name of cachingHeaders) headers.delete(name);
  headers.set("cache-control", "private, no-store");
}
