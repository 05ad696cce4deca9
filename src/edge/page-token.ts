/** The token of one page that is looked at, a preview's or a frame's: its text, signed for one website alone. */

import type { Result } from "../core/result.ts";
import type { Website } from "../core/website.ts";
import { decodeText } from "./body.ts";
import type { SignatureFailure, Signer } from "./signing.ts";

export function signPage(signer: Signer, website: string, text: string): Promise<string> {
  return signer.sign(new TextEncoder().encode(text), website);
}

export async function readPageToken<T>(
  signer: Signer,
  token: string,
  { code }: Pick<Website, "code">,
  read: (text: string) => Result<T, "altered" | "expired">,
): Promise<Result<T, SignatureFailure | "expired">> {
  const verified = await signer.verify(token, code);
  return verified.ok ? read(decodeText(verified.value) ?? "") : verified;
}
