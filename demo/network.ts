/** The internet of the demo: Adobe's and Cloudflare's hosts lead to the pretend ones, all others to the pretend Commerce. */

import { serveAnalytics } from "./analytics.ts";
import { passThrough, setWeather, WEATHER_HOST } from "./weather.ts";

interface NetworkEnv {
  readonly STORE: Fetcher;
  readonly ADOBE: Fetcher;
}

export default {
  fetch(request: Request, env: NetworkEnv): Promise<Response> {
    const { hostname } = new URL(request.url);
    if (hostname === WEATHER_HOST) return setWeather(request);
    if (hostname === "api.cloudflare.demo") return serveAnalytics(request);
    // The address goes along as it is: the shop answers under the host that the shopper called.
    return hostname.endsWith(".adobe.demo")
      ? passThrough("adobe", () => env.ADOBE.fetch(request))
      : passThrough("store", () => env.STORE.fetch(request));
  },
};
