/** A stable share of visitors: the same visitor always lands in the same one of 10,000 buckets. */

export const BUCKETS = 10_000;

export function bucketOf(visitor: string, salt: string): number {
  return hashText(`${salt}\n${visitor}`) % BUCKETS;
}

/** FNV-1a over UTF-16 code units with MurmurHash3's finalizer, whose last step spreads the low bits: 32 bits. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether that visitor is among the first `percent` of all; whoever is in stays in when the share grows. */
export function isInRollout(visitor: string, website: { code: string; rollout: number }): boolean {
  return bucketOf(visitor, `rollout:${website.code}`) < website.rollout * (BUCKETS / 100);
}
