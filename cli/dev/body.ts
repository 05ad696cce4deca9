/** Bodies on their way to the browser: texts are translated as they stream, everything else passes untouched. */

import { pipeline, type Readable, Transform, type Writable } from "node:stream";
import { constants, createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { Header } from "./relay.ts";
import type { TextTranslator, Translation } from "./translation.ts";

/** How a body is read before it is translated; null: it is not. */
export interface BodyPlan {
  readonly kind: "html" | "text";
  readonly coding: "identity" | "gzip" | "br" | "deflate";
}

const textual = /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*(?:json|javascript|ecmascript|xml)))/i;

/**
 * A part of a file (206) can't be translated by itself, and an event stream must not wait for a piece's end.
 * Whatever is coded in another way than we ask for passes as it is.
 */
export function planBody(method: string, status: number, headers: readonly Header[]): BodyPlan | null {
  if (method === "HEAD" || status === 204 || status === 206 || status === 304) return null;
  const find = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1].trim() ?? "";
  const type = find("content-type");
  if (!textual.test(type) && !/^image\/svg/i.test(type)) return null;
  const kind = /^text\/html/i.test(type) ? "html" : "text";
  const coding = find("content-encoding").toLowerCase();
  if (coding === "" || coding === "identity") return { kind, coding: "identity" };
  return coding === "gzip" || coding === "br" || coding === "deflate" ? { kind, coding } : null;
}

/** A browser may also take zstd, which would hide a text from the translator. */
export function readableCodings(accepted: string): string {
  const known = accepted
    .split(",")
    .filter((coding) => /^\s*(gzip|br|deflate|identity)\s*(;|$)/i.test(coding));
  return known.length === 0 ? "identity" : known.map((coding) => coding.trim()).join(", ");
}

export function sendBody(
  answer: Readable,
  response: Writable,
  plan: BodyPlan,
  translation: Translation,
): void {
  const translator = translateBytes(translation.open(plan.kind));
  // An answer that breaks off must break off there too, and not look like a short one.
  const ended = (error: Error | null | undefined) => {
    if (error) response.destroy();
  };
  if (plan.coding === "identity") pipeline(answer, translator, response, ended);
  else pipeline(answer, openDecoder(plan.coding), translator, response, ended);
}

/** What the server has sent so far is passed on so far: a page is painted while it is still being made. */
function openDecoder(coding: "gzip" | "br" | "deflate"): Transform {
  if (coding === "br") {
    const flush = constants.BROTLI_OPERATION_FLUSH;
    return createBrotliDecompress({ flush, finishFlush: flush });
  }
  const flush = constants.Z_SYNC_FLUSH;
  return coding === "gzip"
    ? createGunzip({ flush, finishFlush: flush })
    : createInflate({ flush, finishFlush: flush });
}

/** Latin-1 keeps every byte: addresses are ASCII, and whatever the charset is, the rest stays as it was. */
function translateBytes(translator: TextTranslator): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(translator.push(chunk.toString("latin1")), "latin1"));
    },
    flush(done) {
      done(null, Buffer.from(translator.end(), "latin1"));
    },
  });
}
