import type { FeatureRows } from "../../features/read-feature-table.ts";

/** Returns rows with those of one group together, in the order of their first rows, and the number of rows of each. */
export function byGroup(rows: FeatureRows): FeatureRows & { sizes: Int32Array } {
  const { groups = [], values, labels, manifest } = rows;
  const rowsOf = new Map<string, number[]>();
  groups.forEach((group, row) => {
    const own = rowsOf.get(group);
    if (own === undefined) rowsOf.set(group, [row]);
    else own.push(row);
  });
  const order = [...rowsOf.values()].flat();
  const width = manifest.features.length;
  const sorted = new Float32Array(values.length);
  order.forEach((row, at) => sorted.set(values.subarray(row * width, (row + 1) * width), at * width));
  return {
    ...rows,
    values: sorted,
    labels: Float32Array.from(order, (row) => labels[row]!),
    sizes: Int32Array.from(rowsOf.values(), (own) => own.length),
  };
}
