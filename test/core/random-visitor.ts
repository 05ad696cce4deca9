/** Visitor ids as they come: a million UUIDs from a fixed seed. */

/** mulberry32: small, fast, and good enough to make ids of. */
export function* visitors(count: number, seed = 5): Generator<string> {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0).toString(16).padStart(8, "0");
  };
  for (let n = 0; n < count; n += 1) {
    const [a, b, c, d] = [next(), next(), next(), next()];
    yield `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
  }
}
