/** The few words of Protocol Buffers that Adobe's identity cookie is written in, as base64url text. */

export interface Field {
  readonly field: number;
  /** A number is a varint; text and fields in a field are length-delimited. */
  readonly value: number | string | readonly Field[];
}

export function toBase64Url(fields: readonly Field[]): string {
  const binary = encode(fields)
    .map((byte) => String.fromCharCode(byte))
    .join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_");
}

/** The text of the first field of that number; null where there is none, or no such message. */
export function readText(base64Url: string, wanted: number): string | null {
  const bytes = decodeBase64Url(base64Url);
  let at = 0;
  while (bytes !== null && at < bytes.length) {
    const tag = readVarint(bytes, at);
    const length = tag === null ? null : readVarint(bytes, tag.next);
    if (tag === null || length === null) return null;
    // Wire type 0 is a number, 2 has a length; Adobe's cookie has no other.
    if (tag.value % 8 === 0) at = length.next;
    else if (tag.value % 8 !== 2) return null;
    else {
      at = length.next + length.value;
      if (Math.floor(tag.value / 8) === wanted)
        return new TextDecoder().decode(bytes.subarray(length.next, at));
    }
  }
  return null;
}

function encode(fields: readonly Field[]): number[] {
  return fields.flatMap(({ field, value }) => {
    if (typeof value === "number") return [...varint(field * 8), ...varint(value)];
    const inner = typeof value === "string" ? [...new TextEncoder().encode(value)] : encode(value);
    return [...varint(field * 8 + 2), ...varint(inner.length), ...inner];
  });
}

/** Division, not shifts: a time in milliseconds has more than 32 bits. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left > 127) {
    bytes.push((left % 128) + 128);
    left = Math.floor(left / 128);
  }
  return [...bytes, left];
}

function readVarint(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly next: number } | null {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 8; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * 128 ** (at - start);
    if (byte < 128) return { value, next: at + 1 };
  }
  return null;
}

function decodeBase64Url(text: string): Uint8Array | null {
  try {
    const binary = atob(decodeURIComponent(text).replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(binary, (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
