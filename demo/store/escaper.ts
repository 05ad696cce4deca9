/** Escapes text for the places of a page as Commerce's own escaper does, with its odd-looking entities. */

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#039;");
}

/** Everything but letters, digits and `,.-_` becomes a numeric entity: a space reads `&#x20;`. */
export function escapeAttribute(text: string): string {
  return text.replace(/[^\p{L}\p{N},.\-_]/gu, (char) => `&#x${codeOf(char)};`);
}

/** For a string inside an inline script: a slash reads `\u002F`. */
export function escapeScript(text: string): string {
  return text.replace(/[^A-Za-z0-9,._]/g, (char) => `\\u${codeOf(char).padStart(4, "0")}`);
}

/** JSON as PHP writes it, with each slash escaped. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("/", "\\/");
}

/** The `uenc` of a link: base64 of an address, with characters that a path can carry. */
export function encodeAddress(address: string): string {
  return btoa(address).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "~");
}

/** Null for anything that is not base64 of ASCII. */
export function decodeAddress(text: string): string | null {
  try {
    return atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("~", "="));
  } catch {
    return null;
  }
}

function codeOf(char: string): string {
  return (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
}
