import type { Comparison } from "../../contract/comparison.ts";
import { stateOf, xoshiro128 } from "./xoshiro128.ts";

/** A metric of resampled rows: `counts` says how often each row, or each group of a ranking, was drawn. null where it has no meaning. */
export type ResampledMetric = (counts: Uint16Array) => number | null;

export interface PairedBootstrapOptions {
  /** The metric of the model, and of the one that it is compared with, on the same rows. */
  model: ResampledMetric;
  other: ResampledMetric;
  /** Whether a model is better with more or with less of the metric. */
  better: "more" | "less";
  /** Numbers of rows that follow each other: each stratum keeps its number of rows in every resample. */
  strata: readonly number[];
  /** @default - `resamplesFor` the number of rows */
  resamples?: number;
  /** Of the one-sided lower limit, in (0, 1). @default 0.95 */
  confidence?: number;
  /** Another seed draws other resamples. @default 1 */
  seed?: number;
}

/** From here on fewer resamples are drawn: with so many rows the limit hardly moves from one seed to the next. */
const MANY_ROWS = 500_000;

/** Returns the number of resamples, 999 or, for many rows, 199: (resamples + 1) · 5 % is a whole number. */
export function resamplesFor(rows: number): number {
  return rows > MANY_ROWS ? 199 : 999;
}

/**
 * Compares two models by the bootstrap: rows are drawn with replacement, the same ones for both, and the lower limit of the gain is the
 * percentile of the gains of all resamples. Strata keep the numbers of rows of each class, without which an AUC has no meaning.
 *
 * @see Efron, Tibshirani: An Introduction to the Bootstrap (1993), chapter 13; Davison, Hinkley: Bootstrap Methods and their Application
 * (1997), section 5.2.1 for the order statistic; Robin et al.: pROC (BMC Bioinformatics 2011) for strata
 */
export function pairedBootstrap(options: PairedBootstrapOptions): Omit<Comparison, "metric"> {
  const { model, other, better, strata, confidence = 0.95, seed = 1 } = options;
  const rows = strata.reduce((sum, size) => sum + size, 0);
  const { resamples = resamplesFor(rows) } = options;
  const gainOf = (counts: Uint16Array): number | null => {
    const [own, others] = [model(counts), other(counts)];
    if (own === null || others === null) return null;
    return better === "more" ? own - others : others - own;
  };
  const counts = new Uint16Array(rows);
  const gain = gainOf(counts.fill(1));
  const state = stateOf(seed);
  const block = new Uint32Array(BLOCK);
  const gains: number[] = [];
  for (let i = 0; i < resamples; i++) {
    counts.fill(0);
    drawCounts(state, block, strata, counts);
    const drawn = gainOf(counts);
    if (drawn !== null) gains.push(drawn);
  }
  return {
    gain,
    lower: gain === null ? null : lowerLimit(gains, resamples, confidence),
    confidence,
    resamples,
  };
}

const BLOCK = 4096;

/** Draws each stratum as often as it has rows. */
function drawCounts(
  state: Int32Array,
  block: Uint32Array,
  strata: readonly number[],
  counts: Uint16Array,
): void {
  let start = 0;
  for (const size of strata) {
    const scale = size / 4294967296;
    for (let drawn = 0; drawn < size; drawn += BLOCK) {
      xoshiro128(state, block);
      const end = Math.min(BLOCK, size - drawn);
      for (let i = 0; i < end; i++) counts[start + ((block[i]! * scale) | 0)]!++;
    }
    start += size;
  }
}

/** Returns the order statistic of the lower limit; null if the metric has no meaning in most resamples. */
function lowerLimit(gains: readonly number[], resamples: number, confidence: number): number | null {
  if (gains.length * 2 <= resamples) return null;
  const sorted = Float64Array.from(gains).sort();
  const place = Math.floor((sorted.length + 1) * (1 - confidence) + 1e-9);
  return sorted[Math.max(place, 1) - 1]!;
}
