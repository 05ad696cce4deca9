/** A request's address, parsed once however many ask for it. */

const parsed = new WeakMap<Request, URL>();

/** Read, never written to. */
export function urlOf(request: Request): Readonly<URL> {
  const known = parsed.get(request);
  if (known) return known;
  const url = new URL(request.url);
  parsed.set(request, url);
  return url;
}
