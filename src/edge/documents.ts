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

/** What is read takes about ten times the memory of its text. */
export interface MemoryBounds {
  readonly maxDocuments: number;
  /** UTF-16 code units of all texts together. */
  readonly maxLength: number;
}

export function openDocumentMemory({ maxDocuments, maxLength }: MemoryBounds): DocumentMemory {
  /** The least recently used is the first. */
  const known = new Map<string, ReadDocument>();
  let length = 0;

  function forget(text: string): void {
    known.delete(text);
    length -= text.length;
  }

  return {
    read(text) {
      // Not read at all, and no reason to forget the others.
      if (text.length > MAX_LENGTH) return parseDocument(text);
      const found = known.get(text);
      const read = found ?? parseDocument(text);
      if (found === undefined) length += text.length;
      else known.delete(text);
      known.set(text, read);
      for (const oldest of known.keys()) {
        if (known.size <= maxDocuments && length <= maxLength) break;
        forget(oldest);
      }
      return read;
    },
  };
}

const memory = openDocumentMemory({ maxDocuments: 500, maxLength: 1_000_000 });

/** The document, read once in the isolate's life as long as it is in use. */
export function rememberDocument(text: string): ReadDocument {
  return memory.read(text);
}
