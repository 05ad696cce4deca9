/** The benchmark's campaigns: one banner, for one audience, on pages of every size; offers where asked for. */

import { publishCampaigns } from "../../src/edge/publish.ts";
import { SIZES, VARIANT, VIP } from "./page.ts";

/** `/` is the page of first-byte.ts; each request for `/new/…` is for another address, `/changing/…` never the same page. */
const paths = [
  "/",
  "/new/*",
  "/changing/*",
  ...SIZES.flatMap((kb) => [`/${kb}`, `/gzip/${kb}`, `/slow/${kb}`]),
];

const hero = {
  id: "hero",
  paths,
  selector: "#hero",
  variants: [{ id: "vip", for: { any: ["vip"] }, put: { content: VARIANT } }],
};

/** What stands in a campaigns file, beside its audiences. */
export interface CampaignsOf {
  readonly banners?: readonly unknown[];
  readonly offers?: readonly unknown[];
  readonly audiences?: Readonly<Record<string, string>>;
}

/** As publishing writes them to KV. */
export async function compileCampaigns({
  banners = [hero],
  offers = [],
  audiences = { vip: VIP },
}: CampaignsOf = {}): Promise<string> {
  let compiled = "";
  const store = {
    async put(_: string, text: string) {
      compiled = text;
    },
  };
  const done = await publishCampaigns(
    store,
    JSON.stringify({ audiences, banners, offers }),
    { websites: null, adminPath: null },
    new Date(0).toISOString(),
  );
  if (!done.ok) throw new Error(JSON.stringify(done.error));
  return compiled;
}
