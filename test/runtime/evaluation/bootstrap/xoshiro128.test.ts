import { expect, test } from "vitest";
import { stateOf, xoshiro128 } from "../../../../runtime/evaluation/bootstrap/xoshiro128.ts";

test("the generator gives the numbers of the reference implementation", () => {
  const numbers = new Uint32Array(10);
  xoshiro128(Int32Array.of(1, 2, 3, 4), numbers);
  // From the tests of xoshiro128++ in the Rust crate rand_xoshiro, made with the authors' C program.
  expect([...numbers]).toEqual([
    641, 1573767, 3222811527, 3517856514, 836907274, 4247214768, 3867114732, 1355841295, 495546011, 621204420,
  ]);
});

test("numbers go on where the last ones ended", () => {
  const [state, other] = [stateOf(1), stateOf(1)];
  const [whole, first, second] = [new Uint32Array(8), new Uint32Array(3), new Uint32Array(5)];
  xoshiro128(state, whole);
  xoshiro128(other, first);
  xoshiro128(other, second);
  expect([...first, ...second]).toEqual([...whole]);
  expect(stateOf(2)).not.toEqual(stateOf(1));
});
