/** An isolate's memory of texts: so many, and so long together; the oldest go first. */

export interface ContentMemory<T> {
  get(key: string): T | undefined;
  /** `length` in UTF-16 code units, without the key. */
  set(key: string, value: T, length: number): void;
}

export function openContentMemory<T>(maxEntries: number, maxLength: number): ContentMemory<T> {
  const entries = new Map<string, { readonly value: T; readonly length: number }>();
  let total = 0;

  function forget(key: string): void {
    total -= entries.get(key)?.length ?? 0;
    entries.delete(key);
  }

  return {
    get: (key) => entries.get(key)?.value,
    set(key, value, length) {
      forget(key);
      entries.set(key, { value, length: key.length + length });
      total += key.length + length;
      for (const oldest of entries.keys()) {
        if (entries.size <= maxEntries && total <= maxLength) break;
        forget(oldest);
      }
    },
  };
}
