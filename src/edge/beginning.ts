/** A page's beginning, read into one piece of memory and never further than asked: the rest stays in its stream. */

export interface Beginning {
  /** What was read until now; no longer to be used once more is read, or it was released. */
  bytes(): Uint8Array;
  /** Reads what there is, at most so many bytes; false: the page has ended. Throws what the stream throws. */
  more(maxBytes: number): Promise<boolean>;
  /** Leaves the rest to the stream: what was read is not needed any more. */
  release(): void;
  /** For whoever reads the rest. */
  readonly reader: ReadableStreamBYOBReader;
}

/** Memory of pages that went out: to ask for new memory for each would cost more in garbage than all that is compared. */
const spare: ArrayBuffer[] = [];
const MAX_SPARE = 8;

/** At most `maxBytes` are ever read. */
export function openBeginning(body: ReadableStream<Uint8Array>, maxBytes: number): Beginning {
  const reader = body.getReader({ mode: "byob" });
  let buffer = spare.pop() ?? new ArrayBuffer(maxBytes);
  let length = 0;
  return {
    bytes: () => new Uint8Array(buffer, 0, length),
    async more(wanted) {
      if (length + wanted > buffer.byteLength) buffer = buffer.transfer(length + wanted);
      const { done, value } = await reader.read(new Uint8Array(buffer, length, wanted));
      // The stream hands the memory back as another buffer.
      if (value !== undefined) buffer = value.buffer;
      if (done) return false;
      length += value.byteLength;
      return true;
    },
    release() {
      reader.releaseLock();
      if (spare.length < MAX_SPARE) spare.push(buffer);
    },
    reader,
  };
}
