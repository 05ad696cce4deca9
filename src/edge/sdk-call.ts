/** A call of the Web SDK: its body read to a bound, to be judged, and to go on byte for byte. */

import { fail, ok, type Result } from "../core/result.ts";
import { decodeText, readBody } from "./body.ts";
import type { Visit } from "./visit.ts";

/** Adobe takes no longer ones, and one that is longer is not judged. */
const MAX_CALL_BYTES = 65_536;

export interface SdkCall {
  /** What goes on to Adobe, byte for byte. */
  readonly body: Uint8Array | ReadableStream<Uint8Array> | null;
  /** Or why it can't be judged. */
  readonly text: Result<string, "too-long" | "not-utf-8">;
}

export async function readCall({ request }: Visit): Promise<SdkCall> {
  if (request.body === null) return { body: null, text: ok("") };
  const read = await readBody(request.body, MAX_CALL_BYTES);
  if (read.kind === "longer") return { body: read.stream, text: fail("too-long") };
  const text = decodeText(read.bytes);
  return { body: read.bytes, text: text === null ? fail("not-utf-8") : ok(text) };
}
