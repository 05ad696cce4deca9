/** The token of a frame: signed by the dashboard, read by the Worker from the one address that it stands in. */

import { type FramedPage, readFramedPage, writeFramedPage } from "../core/framed-page.ts";
import type { Website } from "../core/website.ts";
import { readPageToken, signPage } from "./page-token.ts";
import type { Signer } from "./signing.ts";

/** Worth something on that website alone. */
export function signFramedPage(signer: Signer, website: string, page: FramedPage): Promise<string> {
  return signPage(signer, website, writeFramedPage(page));
}

export function readFrameToken(signer: Signer, token: string, website: Pick<Website, "code">, nowMs: number) {
  return readPageToken(signer, token, website, (text) => readFramedPage(text, Math.floor(nowMs / 1000)));
}
