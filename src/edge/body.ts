/** Bodies that have to be read: to a bound, and what is longer streams on as it is. */

export type ReadBody =
  | { readonly kind: "whole"; readonly bytes: Uint8Array }
  /** What was read already, and the rest of it. */
  | { readonly kind: "longer"; readonly stream: ReadableStream<Uint8Array> };

/**
 * The body of a message whose length its sender tells is read in one go, which costs a fraction of a stream's.
 * null: it has none. Throws what the stream throws.
 */
export async function readMessage(message: Request | Response, maxBytes: number): Promise<ReadBody | null> {
  const { body, headers } = message;
  if (body === null) return null;
  const told = Number(headers.get("content-length") ?? Number.NaN);
  // Of what is compressed it is another length.
  if (told <= maxBytes && !headers.has("content-encoding")) {
    return { kind: "whole", bytes: new Uint8Array(await message.arrayBuffer()) };
  }
  return readBody(body, maxBytes);
}

/** Throws what the stream throws. */
export async function readBody(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<ReadBody> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { kind: "whole", bytes: join(chunks, length) };
    chunks.push(value);
    length += value.byteLength;
    if (length > maxBytes) break;
  }
  reader.releaseLock();
  return { kind: "longer", stream: prepend(join(chunks, length), body) };
}

function join(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

function prepend(head: Uint8Array, rest: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const send = async () => {
    const writer = writable.getWriter();
    await writer.write(head);
    writer.releaseLock();
    await rest.pipeTo(writable);
  };
  // Whoever reads learns of a broken stream by the stream itself.
  send().catch(() => undefined);
  return readable;
}

/** null: no UTF-8. A mark of byte order stays. */
export function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
