/** The benchmark's campaigns: one banner on the home page, for one audience; offers where asked for. */

import { publishCampaigns } from "../../src/edge/publish.ts";
import { VARIANT } from "./page.ts";

export const VIP = "5b2e1a74-9c3d-4f68-8e21-0d7a6c5b4f31";

/** As publishing writes them to KV. */
export async function compileCampaigns(offers: readonly unknown[] = []): Promise<string> {
  const variant = { id: "vip", for: { any: ["vip"] }, put: { content: VARIANT } };
  const banner = { id: "hero", paths: ["/"], selector: "#hero", variants: [variant] };
  let compiled = "";
  const store = {
    async put(_: string, text: string) {
      compiled = text;
    },
  };
  const done = await publishCampaigns(
    store,
    JSON.stringify({ audiences: { vip: VIP }, banners: [banner], offers }),
    { websites: null, adminPath: null },
    new Date(0).toISOString(),
  );
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return compiled;
}
