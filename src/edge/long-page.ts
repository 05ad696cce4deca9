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
  const through = openInput(rewriter, headers.get("content-type"));
  const output = new IdentityTransformStream();
  const begun = { ...NOTHING_YET, body, source: body.getReader({ mode: "byob" }), output: output.writable };
  const bound = { maxBytes, isReplacing };
  // Who reads learns of a broken stream by the stream itself.
  editAndPass({ ...begun, ...through, bound, tell: (bytes) => noteLength(bounds, bytes) }).catch(
    () => undefined,
  );
  return new Response(output.readable, response);
}

function openInput(rewriter: HTMLRewriter, type: string | null) {
  const { readable, writable } = new IdentityTransformStream();
  const headers: HeadersInit = type === null ? {} : { "content-type": type };
  return { edited: rewriter.transform(new Response(readable, { headers })), input: writable };
}

/** A page of UTF-8 that somebody has begun to read, and to send. */
export interface BegunPage {
  readonly body: ReadableStream<Uint8Array>;
  readonly source: ReadableStreamBYOBReader;
  /** What was read of it. */
  readonly begun: Uint8Array;
  readonly output: WritableStream<Uint8Array>;
  /** How much of the edited page is in the output already. */
  readonly sent: number;
  /** Told of each chunk when HTMLRewriter is through with it; its memory is then used again. */
  readonly seen: (chunk: Uint8Array) => void;
}

const NOTHING_YET = { begun: new Uint8Array(0), sent: 0, seen: () => undefined } as const;

/** The same of such a page: all of it is edited, and what was sent is not sent again. */
export function editBegun(
  rewriter: HTMLRewriter,
  page: BegunPage,
  bounds: PageBounds,
  isReplacing: () => boolean,
): Promise<void> {
  const through = openInput(rewriter, "text/html; charset=utf-8");
  const bound = { maxBytes: Math.min(MAX_EDITED_BYTES, bounds.maxPageBytes), isReplacing };
  return editAndPass({ ...page, ...through, bound, tell: (bytes) => noteLength(bounds, bytes) });
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

interface Flow extends BegunPage {
  readonly input: WritableStream<Uint8Array>;
  readonly edited: Response;
  readonly bound: Bound;
  readonly tell: (bytes: number) => void;
}

async function editAndPass(flow: Flow): Promise<void> {
  const { body, source, input, edited, output, sent, tell } = flow;
  const sink = output.getWriter();
  try {
    const [{ bytes, ended }] = await Promise.all([
      feed(flow, input.getWriter()),
      copyBehind(edited.body, sent, sink),
    ]);
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
  { source, begun, seen, bound: { maxBytes, isReplacing } }: Flow,
  input: WritableStreamDefaultWriter<Uint8Array>,
): Promise<{ readonly bytes: number; readonly ended: boolean }> {
  let bytes = 0;
  let ended = false;
  /** Whether the page is edited further. */
  const write = async (chunk: Uint8Array): Promise<boolean> => {
    bytes += chunk.byteLength;
    if (bytes < maxBytes) {
      await input.write(chunk);
      seen(chunk);
      return true;
    }
    // The last byte is taken when all before it is parsed; if it ends a tag, nobody knows yet what begins.
    if (chunk.byteLength > 1) await input.write(chunk.subarray(0, -1));
    await input.write(chunk.subarray(-1));
    seen(chunk);
    const open = isReplacing() || chunk.at(-1) === TAG_END;
    return open && bytes < maxBytes + GRACE_BYTES;
  };
  try {
    let goesOn = begun.byteLength === 0 || (await write(begun));
    let space = new Uint8Array(READ_BYTES);
    while (goesOn) {
      const { done, value } = await source.read(space);
      ended = done;
      if (done) break;
      goesOn = await write(value);
      space = new Uint8Array(value.buffer);
    }
    await input.close();
  } catch (error) {
    await input.abort(error);
    throw error;
  }
  return { bytes, ended };
}

/** All but the first bytes, which are there already. */
async function copyBehind(
  from: ReadableStream<Uint8Array> | null,
  sent: number,
  to: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const reader = from?.getReader({ mode: "byob" });
  let space = new Uint8Array(READ_BYTES);
  let skipped = sent;
  for (;;) {
    const next = await reader?.read(space);
    if (next === undefined || next.done) return;
    const { value } = next;
    if (value.byteLength > skipped) await to.write(value.subarray(skipped));
    skipped = Math.max(0, skipped - value.byteLength);
    space = new Uint8Array(value.buffer);
  }
}
