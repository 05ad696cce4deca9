/** Long pages: HTMLRewriter breaks off at a tag of 3 MB, so a page is edited so far and its rest goes by as it is. */

/**
 * HTMLRewriter keeps a tag until it ends, and fails in mid-page over its 3 MB (an image pasted into an attribute).
 * In what it gets, no tag can be that long.
 */
const MAX_EDITED_BYTES = 2_097_152;

/** For an element that is being replaced at the bound: its end is waited for that long. */
const GRACE_BYTES = 524_288;

/** A page that was so short when it was last measured is not counted again for a while. */
const SHORT_BYTES = 1_048_576;
const MEASURED_MS = 300_000;
const MAX_MEASURED = 2_000;

/** Large reads are few reads; each costs about 20 µs. */
const READ_BYTES = 65_536;

const TAG_END = 0x3e;

export interface PageBounds {
  /** Which page it is: its length is measured once for many requests. */
  readonly page: string;
  readonly maxPageBytes: number;
  readonly nowMs: number;
}

const measured = new Map<string, { readonly bytes: number; readonly atMs: number }>();

/**
 * Edits as much of a page as may safely be edited. What is known to be short goes natively; all else is counted on its
 * way, which costs about as much again as the rewriter. Throws where the charset is unknown; the body is still whole.
 */
export function transformPage(
  rewriter: HTMLRewriter,
  response: Response,
  bounds: PageBounds,
  isReplacing: () => boolean,
): Response {
  const { body, headers } = response;
  const maxBytes = Math.min(MAX_EDITED_BYTES, bounds.maxPageBytes);
  if (body === null || isShort(headers, bounds, maxBytes)) return rewriter.transform(response);
  const input = new IdentityTransformStream();
  const type = headers.get("content-type");
  const edited = rewriter.transform(
    new Response(input.readable, { headers: type === null ? {} : { "content-type": type } }),
  );
  const output = new IdentityTransformStream();
  const tell = (bytes: number) => noteLength(bounds, bytes);
  const bound = { maxBytes, isReplacing };
  // Who reads learns of a broken stream by the stream itself.
  const flow = { body, input: input.writable, edited, output: output.writable, bound, tell };
  editAndPass(flow).catch(() => undefined);
  return new Response(output.readable, response);
}

function isShort(headers: Headers, { page, nowMs }: PageBounds, maxBytes: number): boolean {
  const told = headers.get("content-length");
  const coded = !/^(?:identity)?$/i.test(headers.get("content-encoding")?.trim() ?? "");
  // Of what is compressed it is another length.
  if (told !== null && !coded && Number(told) <= maxBytes) return true;
  const before = measured.get(page);
  return before !== undefined && nowMs - before.atMs < MEASURED_MS && before.bytes <= SHORT_BYTES;
}

function noteLength({ page, nowMs }: PageBounds, bytes: number): void {
  if (measured.size >= MAX_MEASURED) measured.clear();
  measured.set(page, { bytes, atMs: nowMs });
}

interface Bound {
  readonly maxBytes: number;
  readonly isReplacing: () => boolean;
}

interface Flow {
  readonly body: ReadableStream<Uint8Array>;
  readonly input: WritableStream<Uint8Array>;
  readonly edited: Response;
  readonly output: WritableStream<Uint8Array>;
  readonly bound: Bound;
  readonly tell: (bytes: number) => void;
}

async function editAndPass({ body, input, edited, output, bound, tell }: Flow): Promise<void> {
  const source = body.getReader({ mode: "byob" });
  const sink = output.getWriter();
  try {
    const feeding = feed(source, input.getWriter(), bound);
    const [{ bytes, ended }] = await Promise.all([feeding, copy(edited.body, sink)]);
    tell(bytes);
    if (ended) return await sink.close();
    source.releaseLock();
    sink.releaseLock();
    await body.pipeTo(output);
  } catch (error) {
    // A shopper who leaves takes the call to Commerce with them; a Commerce that breaks off, the answer.
    await Promise.allSettled([source.cancel(error), sink.abort(error)]);
  }
}

/** As far as the page may be edited; `ended` where that is all of it. */
async function feed(
  source: ReadableStreamBYOBReader,
  input: WritableStreamDefaultWriter<Uint8Array>,
  { maxBytes, isReplacing }: Bound,
): Promise<{ readonly bytes: number; readonly ended: boolean }> {
  let bytes = 0;
  let ended = false;
  try {
    let space = new Uint8Array(READ_BYTES);
    for (;;) {
      const { done, value } = await source.read(space);
      if (done) {
        ended = true;
        break;
      }
      bytes += value.byteLength;
      if (bytes < maxBytes) await input.write(value);
      else {
        // The last byte is taken when all before it is parsed; if it ends a tag, nobody knows yet what begins.
        if (value.byteLength > 1) await input.write(value.subarray(0, -1));
        await input.write(value.subarray(-1));
        const open = isReplacing() || value.at(-1) === TAG_END;
        if (!open || bytes >= maxBytes + GRACE_BYTES) break;
      }
      space = new Uint8Array(value.buffer);
    }
    await input.close();
  } catch (error) {
    await input.abort(error);
    throw error;
  }
  return { bytes, ended };
}

async function copy(
  from: ReadableStream<Uint8Array> | null,
  to: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const reader = from?.getReader({ mode: "byob" });
  let space = new Uint8Array(READ_BYTES);
  for (;;) {
    const next = await reader?.read(space);
    if (next === undefined || next.done) return;
    await to.write(next.value);
    space = new Uint8Array(next.value.buffer);
  }
}
