/** A text rewritten in places, and the way back from the places of the new text to those of the old. */

import type { Span } from "../graphql-document.ts";

/** What stands in the span goes, what is inserted comes; an empty span only inserts. */
export interface Splice {
  readonly span: Span;
  readonly insert: string;
}

/** As in GraphQL's errors: both from 1, the column in UTF-16 code units. */
export interface Location {
  readonly line: number;
  readonly column: number;
}

/** Splices at the same place are inserted in their order; of what two remove, each place goes once. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  let at = 0;
  let rewritten = "";
  for (const { span, insert } of inOrder(splices)) {
    rewritten += text.slice(at, span.start) + insert;
    at = span.end;
  }
  return rewritten + text.slice(at);
}

/** By start, and none reaching into another. */
function inOrder(splices: readonly Splice[]): readonly Splice[] {
  let reached = 0;
  return splices
    .toSorted((one, other) => one.span.start - other.span.start)
    .map(({ span, insert }) => {
      const start = Math.max(reached, span.start);
      reached = Math.max(start, span.end);
      return { span: { start, end: reached }, insert };
    });
}

/**
 * From a location in the rewritten text to that of the same character in `text`. In what replaced something: where
 * that began. null: in a mere insertion, or nowhere in the text.
 */
export function wayBack(text: string, splices: readonly Splice[]): (location: Location) => Location | null {
  const ordered = inOrder(splices);
  const oldLines = lineStarts(text);
  const rewritten = applySplices(text, splices);
  const newLines = lineStarts(rewritten);
  return ({ line, column }) => {
    const start = newLines[line - 1];
    if (start === undefined || column < 1) return null;
    const at = start + column - 1;
    if (at > rewritten.length || at >= (newLines[line] ?? Number.POSITIVE_INFINITY)) return null;
    const before = offsetBefore(at, ordered);
    return before === null ? null : locate(before, oldLines);
  };
}

function offsetBefore(at: number, ordered: readonly Splice[]): number | null {
  let shift = 0;
  for (const { span, insert } of ordered) {
    const start = span.start + shift;
    if (at < start) break;
    if (at < start + insert.length) return span.end > span.start ? span.start : null;
    shift += insert.length - (span.end - span.start);
  }
  return at - shift;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { 0: end, index } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return starts;
}

function locate(offset: number, starts: readonly number[]): Location {
  const after = starts.findIndex((start) => start > offset);
  const line = after === -1 ? starts.length : after;
  return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
}
