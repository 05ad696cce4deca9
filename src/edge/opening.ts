/** A lesson: a page's beginning is edited once more, aside and in small steps, to see where its edits are done. */

import type { BannerPlace } from "../core/content-policy.ts";
import type { KnownOpening, Step } from "../core/opening.ts";
import { type Frame, openEditor } from "./edit.ts";

/**
 * So much more than is needed is compared at most, and so much of a slow page waits at most; its first bytes wait
 * less. Luma's 25 KB take 1.2 ms in steps of 1,024, and 5.5 ms in steps of 128.
 */
const STEP_BYTES = 1_024;
const FIRST_STEP_BYTES = 128;

/** null: the edits are not done within `beginning`. Throws what HTMLRewriter throws of a page. */
export async function learnOpening(
  beginning: Uint8Array,
  places: readonly BannerPlace[],
  frame: Frame,
): Promise<KnownOpening | null> {
  const editor = openEditor(places, frame);
  let read = 0;
  let done = false;
  const source = new ReadableStream<Uint8Array>(
    {
      // Asked for more, HTMLRewriter is through with what it had.
      pull(controller) {
        done = editor.isDone();
        if (done || read >= beginning.byteLength) return controller.close();
        const step = beginning.slice(read, read + (read < STEP_BYTES ? FIRST_STEP_BYTES : STEP_BYTES));
        read += step.byteLength;
        controller.enqueue(step);
      },
    },
    { highWaterMark: 0 },
  );
  const chunks: Uint8Array[] = [];
  const steps: Step[] = [];
  let written = 0;
  const page = new Response(source, { headers: { "content-type": "text/html; charset=utf-8" } });
  for await (const chunk of editor.rewriter.transform(page).body ?? []) {
    chunks.push(chunk);
    written += chunk.byteLength;
    // Whatever was read since only makes this a later step than it was.
    steps.push({ read, written });
  }
  if (!done) return null;
  return {
    page: beginning.slice(0, read),
    edited: joinBytes(chunks, written),
    steps,
    report: editor.report(),
  };
}

export function joinBytes(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
