import type { PropertyPath } from "./property-path.ts";

const SUFFIXES: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Maps whose values are quantities, and single fields that are one. */
const QUANTITY_MAPS = new Set<unknown>(
  "requests limits hard capacity allocatable overhead podFixed".split(" "),
);
const QUANTITY_FIELDS = new Set<unknown>(["sizeLimit", "storage", "divisor", "averageValue"]);

/** Whether the value at a path is a quantity; those of a LimitRange lie in `spec.limits[0].default`, a metric's in `target`. */
function isQuantity(path: PropertyPath): boolean {
  const [parent, key] = [path.at(-2), path.at(-1)];
  if (QUANTITY_MAPS.has(parent) || QUANTITY_FIELDS.has(key)) return true;
  return path.at(-4) === "limits" || (parent === "target" && key === "value");
}

/** A Kubernetes quantity, such as `250m` or `1Gi`, as a number; undefined if it is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.exec(
    value,
  );
  const factor = SUFFIXES[match?.[2] ?? ""];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

/** Whether two spellings at a path that holds a quantity mean the same, such as `1000m` and `1`. */
export function sameQuantity(path: PropertyPath, a: unknown, b: unknown): boolean {
  if (!isQuantity(path)) return false;
  const [x, y] = [parseQuantity(a), parseQuantity(b)];
  return x !== undefined && y !== undefined && Math.abs(x - y) <= 1e-9 * Math.max(Math.abs(x), Math.abs(y));
}
