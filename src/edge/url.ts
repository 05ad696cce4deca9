/** A request's address, parsed once while it is being handled, however many ask for it. */

/** Of the request that was asked about last; between two awaits that is always the same one. */
let last: { readonly request: Request; readonly url: URL } | null = null;

/** Read, never written to. */
export function urlOf(request: Request): Readonly<URL> {
  if (last?.request !== request) last = { request, url: new URL(request.url) };
  return last.url;
}
