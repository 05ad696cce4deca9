/** A folder in which an edge keeps KV and its control plane, so that a test reads what stands there. */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Storage {
  readonly folder: string;
  /** Every file in it, byte for byte. */
  texts(): string[];
  remove(): void;
}

export function openStorage(): Storage {
  const folder = mkdtempSync(join(tmpdir(), "edge-audiences-storage-"));
  return {
    folder,
    texts: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1")),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
