/** The token of a preview: signed by who makes a link, read by the Worker from the link and from its cookie. */

import { type Preview, readPreview, writePreview } from "../core/preview.ts";
import { fail, type Result } from "../core/result.ts";
import type { Website } from "../core/website.ts";
import type { SignatureFailure, Signer } from "./signing.ts";

/** Worth something on that website alone. */
export function signPreview(signer: Signer, website: string, preview: Preview): Promise<string> {
  return signer.sign(new TextEncoder().encode(writePreview(preview)), website);
}

export async function readPreviewToken(
  signer: Signer,
  token: string,
  { code }: Pick<Website, "code">,
  nowMs: number,
): Promise<Result<Preview, SignatureFailure | "expired">> {
  const verified = await signer.verify(token, code);
  if (!verified.ok) return verified;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(verified.value);
    return readPreview(text, Math.floor(nowMs / 1000));
  } catch {
    return fail("altered");
  }
}
