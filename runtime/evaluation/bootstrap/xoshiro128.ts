/**
 * Fills `into` with the next whole numbers from 0 to 2³² - 1 of a generator, the same ones for the same state. Many at once, because
 * the state stays in registers then.
 *
 * @param state - four whole numbers of 32 bits, not all 0; they are moved on
 * @see Blackman, Vigna: Scrambled Linear Pseudorandom Number Generators (TOMS 2021), xoshiro128++
 */
export function xoshiro128(state: Int32Array, into: Uint32Array): void {
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  for (let i = 0; i < into.length; i++) {
    const sum = (a + d) | 0;
    into[i] = (((sum << 7) | (sum >>> 25)) + a) | 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
  }
  state.set([a, b, c, d]);
}

/** Returns the state of a seed, by splitmix32, so that seeds which are alike give states which are not. */
export function stateOf(seed: number): Int32Array {
  return Int32Array.from({ length: 4 }, () => {
    seed = (seed + 0x9e3779b9) | 0;
    let mixed = seed ^ (seed >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  });
}
