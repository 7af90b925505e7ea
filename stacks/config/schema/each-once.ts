/** Returns the arguments of `refine` for a list that may name nothing twice. */
export function eachOnce(noun: string): [check: (items: readonly unknown[]) => boolean, message: string] {
  return [(items) => new Set(items).size === items.length, `must name each ${noun} once`];
}
