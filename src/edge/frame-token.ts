/** The token of a frame: signed by the dashboard, read by the Worker from the one address that it stands in. */

import { type FramedPage, readFramedPage, writeFramedPage } from "../core/framed-page.ts";
import type { Result } from "../core/result.ts";
import type { Website } from "../core/website.ts";
import type { SignatureFailure, Signer } from "./signing.ts";

/** Worth something on that website alone. */
export function signFramedPage(signer: Signer, website: string, page: FramedPage): Promise<string> {
  return signer.sign(new TextEncoder().encode(writeFramedPage(page)), website);
}

export async function readFrameToken(
  signer: Signer,
  token: string,
  { code }: Pick<Website, "code">,
  nowMs: number,
): Promise<Result<FramedPage, SignatureFailure | "expired">> {
  const verified = await signer.verify(token, code);
  if (!verified.ok) return verified;
  return readFramedPage(new TextDecoder().decode(verified.value), Math.floor(nowMs / 1000));
}
