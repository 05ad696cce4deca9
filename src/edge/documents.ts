/** Documents that this isolate has read: storefronts send the same few again and again. */

import { parseDocument } from "../core/graphql-document/parse.ts";
import type { GraphqlDocument, UnreadableDocument } from "../core/graphql-document.ts";
import type { Result } from "../core/result.ts";

export type ReadDocument = Result<GraphqlDocument, UnreadableDocument>;

export interface DocumentMemory {
  /** What was least recently asked for goes first. Failures are remembered too. */
  read(text: string): ReadDocument;
}

/** A longer document is never read. */
const MAX_LENGTH = 65_536;

/**
 * About what a remembered document takes. Measured: 13 bytes for each character of a storefront's documents; a
 * client that wants to fill the memory writes 2,000 fields in few characters.
 */
function bytesOf(text: string, read: ReadDocument): number {
  return 500 + text.length * 4 + (read.ok ? text.length * 16 + read.value.complexity * 500 : 0);
}

export function openDocumentMemory(maxBytes: number): DocumentMemory {
  /** The least recently used is the first. */
  const known = new Map<string, ReadDocument>();
  let bytes = 0;

  function remember(text: string, read: ReadDocument): void {
    known.set(text, read);
    bytes += bytesOf(text, read);
    for (const [oldest, left] of known) {
      if (bytes <= maxBytes) break;
      known.delete(oldest);
      bytes -= bytesOf(oldest, left);
    }
  }

  return {
    read(text) {
      // Not read at all, and no reason to forget the others.
      if (text.length > MAX_LENGTH) return parseDocument(text);
      const found = known.get(text);
      if (found === undefined) {
        const read = parseDocument(text);
        remember(text, read);
        return read;
      }
      known.delete(text);
      known.set(text, found);
      return found;
    },
  };
}

/** An isolate has 128 MB for everything. */
const memory = openDocumentMemory(16_000_000);

/** The document, read once in the isolate's life as long as it is in use. */
export function rememberDocument(text: string): ReadDocument {
  return memory.read(text);
}
