/** The internet of the demo: Adobe's hosts lead to the pretend Adobe, all others to the pretend Commerce. */

interface NetworkEnv {
  readonly STORE: Fetcher;
  readonly ADOBE: Fetcher;
}

export default {
  fetch(request: Request, env: NetworkEnv): Promise<Response> {
    const { hostname } = new URL(request.url);
    // The address goes along as it is: the shop answers under the host that the shopper called.
    return hostname.endsWith(".adobe.demo") ? env.ADOBE.fetch(request) : env.STORE.fetch(request);
  },
};
