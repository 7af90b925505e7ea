import { NotPriced } from "./not-priced.ts";

/** Returns the CPU cores of a Kubernetes quantity such as `2` or `500m`. */
export function cores(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(text);
  if (match === null) throw new NotPriced("unknown value", `a cpu limit of ${text}`);
  return Number(match[1]) / (match[2] === "m" ? 1000 : 1);
}

/** Returns the GiB of a Kubernetes quantity such as `512Mi`, `2Gi` or `256M`. */
export function gib(text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|k|M|G|T)?$/.exec(text);
  if (match === null) throw new NotPriced("unknown value", `a size of ${text}`);
  const factors: Record<string, number> = {
    Ki: 2 ** 10,
    Mi: 2 ** 20,
    Gi: 2 ** 30,
    Ti: 2 ** 40,
    k: 1e3,
    M: 1e6,
    G: 1e9,
    T: 1e12,
  };
  return (Number(match[1]) * (factors[match[2] ?? ""] ?? 1)) / 2 ** 30;
}
