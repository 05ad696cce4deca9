/** Secrets that a client presents: compared without telling by time how much of them was right. */

/** Compares digests, so that neither content nor length shows in the time it takes. */
export async function equalsSecret(given: string, secret: string): Promise<boolean> {
  const encoder = new TextEncoder();
  const [a, b] = await Promise.all([
    crypto.subtle.digest("SHA-256", encoder.encode(given)),
    crypto.subtle.digest("SHA-256", encoder.encode(secret)),
  ]);
  const [one, other] = [new Uint8Array(a), new Uint8Array(b)];
  let difference = 0;
  for (const [index, byte] of one.entries()) difference |= byte ^ (other[index] ?? 0);
  return difference === 0;
}
