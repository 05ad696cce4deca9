/** The uid of a dynamic block: the base64 of its id in Commerce, as all of Commerce's GraphQL has its ids. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Ids are MySQL's `int unsigned`: at most ten digits. */
export function blockUid(id: number): string {
  return String(id).replace(/.{1,3}/g, (digits) => {
    const [one = 0, two = 0, three = 0] = Array.from(digits, (digit) => digit.charCodeAt(0));
    const sextets = [one >> 2, ((one & 3) << 4) | (two >> 4), ((two & 15) << 2) | (three >> 6), three & 63];
    const written = sextets.slice(0, digits.length + 1).map((sextet) => alphabet.charAt(sextet));
    return written.join("").padEnd(4, "=");
  });
}

/** The id; null for what Commerce would not read as that uid, another spelling of its base64 included. */
export function parseBlockUid(uid: string): number | null {
  if (uid.length > 16 || !/^[A-Za-z0-9+/]+={0,2}$/.test(uid)) return null;
  let digits = "";
  let bits = 0;
  let held = 0;
  for (const letter of uid.replace(/=+$/, "")) {
    bits = (bits << 6) | alphabet.indexOf(letter);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    digits += String.fromCharCode((bits >> held) & 255);
    bits &= (1 << held) - 1;
  }
  const id = Number(/^[1-9]\d{0,9}$/.exec(digits)?.[0]);
  return Number.isInteger(id) && blockUid(id) === uid ? id : null;
}
