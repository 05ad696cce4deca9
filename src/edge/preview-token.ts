/** The token of a preview: signed by who makes a link, read by the Worker from the link and from its cookie. */

import { type Preview, readPreview, writePreview } from "../core/preview.ts";
import type { Website } from "../core/website.ts";
import { readPageToken, signPage } from "./page-token.ts";
import type { Signer } from "./signing.ts";

/** Worth something on that website alone. */
export function signPreview(signer: Signer, website: string, preview: Preview): Promise<string> {
  return signPage(signer, website, writePreview(preview));
}

export function readPreviewToken(
  signer: Signer,
  token: string,
  website: Pick<Website, "code">,
  nowMs: number,
) {
  return readPageToken(signer, token, website, (text) => readPreview(text, Math.floor(nowMs / 1000)));
}
