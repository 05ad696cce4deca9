/** Pages whose places are known: compared with openings as they come, and where one fits, its edited bytes are sent. */

import type { BannerPlace } from "../core/content-policy.ts";
import { compareOpenings, type EditReport, type KnownOpening, writtenBy } from "../core/opening.ts";
import { type Beginning, openBeginning } from "./beginning.ts";
import { type Editor, type Frame, openEditor } from "./edit.ts";
import { editBegun } from "./long-page.ts";
import { joinBytes, learnOpening } from "./opening.ts";
import type { PageMemory } from "./openings.ts";
import type { WaitUntil } from "./replica.ts";

export interface KnownEdit {
  readonly places: readonly BannerPlace[];
  readonly frame: Frame;
  readonly memory: PageMemory;
  readonly tell: (report: EditReport) => void;
  /** Told what HTMLRewriter threw at a page that it had edited before. */
  readonly fail: (error: unknown) => void;
}

/** So far into a page its edits may be learned: Luma has its content from the 25th kilobyte on. */
const MAX_OPENING_BYTES = 131_072;

/**
 * What HTMLRewriter would make of the page, byte for byte, with as little of HTMLRewriter as can be; the page has to
 * be UTF-8. No byte waits that is sure, and behind an opening none passes through here.
 */
export function editKnownPage(response: Response, edit: KnownEdit, waitUntil: WaitUntil): Response {
  const { body } = response;
  if (body === null) return response;
  const { readable, writable } = new IdentityTransformStream();
  // Whoever reads learns of a broken stream by the stream itself.
  const sending = sendPage(body, writable, edit).catch((error) => writable.abort(error));
  waitUntil(sending.catch(() => undefined));
  return new Response(readable, response);
}

type Body = ReadableStream<Uint8Array>;
type Sink = WritableStream<Uint8Array>;

async function sendPage(body: Body, sink: Sink, edit: KnownEdit): Promise<void> {
  const { memory, tell } = edit;
  const beginning = openBeginning(body, MAX_OPENING_BYTES);
  const { opening, sent } = await compare(beginning, sink, memory.openings);
  if (opening === null) return search(body, beginning, { sink, sent }, edit);
  memory.hit(opening);
  beginning.release();
  send(sink, opening.edited.subarray(sent));
  await body.pipeTo(sink);
  tell(opening.report);
}

/** `sent`: how much of the edited page went out already. */
async function compare(
  beginning: Beginning,
  sink: Sink,
  openings: readonly KnownOpening[],
): Promise<{ readonly opening: KnownOpening | null; readonly sent: number }> {
  let sent = 0;
  let compared = 0;
  let comparison = compareOpenings(openings, beginning.bytes(), compared);
  while (comparison.kind === "open") {
    const [first] = comparison.openings;
    const sure = writtenBy(first, compared);
    if (sure > sent) send(sink, first.edited.subarray(sent, sure));
    sent = Math.max(sent, sure);
    if (!(await beginning.more(comparison.wanted))) return { opening: null, sent };
    const page = beginning.bytes();
    comparison = compareOpenings(comparison.openings, page, compared);
    compared = page.byteLength;
  }
  return { opening: comparison.kind === "known" ? comparison.opening : null, sent };
}

/** HTMLRewriter makes the page anew from its first byte on; what was sent of it is left out. */
async function search(
  body: Body,
  beginning: Beginning,
  { sink, sent }: { readonly sink: Sink; readonly sent: number },
  { places, frame, memory, tell, fail }: KnownEdit,
): Promise<void> {
  const learns = memory.placed.kind === "known" ? memory.miss() : true;
  const editor = openEditor(places, frame);
  editor.rewriter.onDocument({ end: () => tell(editor.report()) });
  const kept = keepOpening(editor, learns ? Math.min(MAX_OPENING_BYTES, frame.bounds.maxPageBytes) : 0);
  const { reader: source } = beginning;
  const page = { body, source, begun: beginning.bytes(), output: sink, sent, seen: kept.seen };
  await editBegun(editor.rewriter, page, frame.bounds, editor.isOpen);
  try {
    const bytes = kept.opening();
    const opening = bytes && (await learnOpening(bytes, places, frame));
    if (opening) memory.learn(opening);
  } catch (error) {
    fail(error);
  }
}

/** Keeps what goes by until the edits are done; null where they never were. */
function keepOpening({ isDone }: Editor, maxBytes: number) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  return {
    seen(chunk: Uint8Array) {
      if (length >= maxBytes || (length > 0 && isDone())) return;
      const kept = chunk.slice(0, maxBytes - length);
      chunks.push(kept);
      length += kept.byteLength;
    },
    opening: () => (length > 0 && isDone() ? joinBytes(chunks, length) : null),
  };
}

/** What fails to be sent shows in what is sent after it. */
function send(sink: Sink, bytes: Uint8Array): void {
  if (bytes.byteLength === 0) return;
  const writer = sink.getWriter();
  writer.write(bytes).catch(() => undefined);
  writer.releaseLock();
}
