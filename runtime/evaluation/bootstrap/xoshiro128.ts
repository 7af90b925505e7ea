/** State of the generator: four whole numbers of 32 bits, not all 0. */
export type XoshiroState = readonly [number, number, number, number];

/**
 * Returns a generator of whole numbers from 0 to 2³² - 1, the same ones for the same state.
 * @see Blackman, Vigna: Scrambled Linear Pseudorandom Number Generators (TOMS 2021), xoshiro128++
 */
export function xoshiro128([a, b, c, d]: XoshiroState): () => number {
  return () => {
    const sum = (a + d) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + a) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** Returns the state of a seed, by splitmix32, so that seeds which are alike give states which are not. */
export function stateOf(seed: number): XoshiroState {
  const next = (): number => {
    seed = (seed + 0x9e3779b9) | 0;
    let mixed = seed ^ (seed >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  return [next(), next(), next(), next()];
}
