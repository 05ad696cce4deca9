/** A page's beginning, read into one piece of memory and never further than asked: the rest stays in its stream. */

export interface Beginning {
  /** What was read until now; no longer to be used once more is read. */
  bytes(): Uint8Array;
  /** Reads what there is, at most so many bytes; false: the page has ended. Throws what the stream throws. */
  more(maxBytes: number): Promise<boolean>;
  /** For whoever reads the rest, or leaves it to the stream. */
  readonly reader: ReadableStreamBYOBReader;
}

export function openBeginning(body: ReadableStream<Uint8Array>): Beginning {
  const reader = body.getReader({ mode: "byob" });
  let buffer = new ArrayBuffer(0);
  let length = 0;
  return {
    bytes: () => new Uint8Array(buffer, 0, length),
    async more(maxBytes) {
      const needed = length + maxBytes;
      if (needed > buffer.byteLength) buffer = buffer.transfer(needed);
      const { done, value } = await reader.read(new Uint8Array(buffer, length, maxBytes));
      // The stream hands the memory back as another buffer.
      if (value !== undefined) buffer = value.buffer;
      if (done) return false;
      length += value.byteLength;
      return true;
    },
    reader,
  };
}
