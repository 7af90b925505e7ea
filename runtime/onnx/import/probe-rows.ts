import type { ImportedFeature } from "./adapt-input.ts";

/** Returns made-up rows, row-major, always the same: codes of categories, and small numbers of both signs. */
export function probeRows(features: readonly ImportedFeature[], rows: number): Float32Array {
  return Float32Array.from({ length: rows * features.length }, (_, i) => {
    const { categories } = features[i % features.length]!;
    const step = ((i + 1) * 7919) % 101;
    return categories === undefined ? step / 10 - 5 : step % categories.length;
  });
}
