/** A pair of windows of the SRE workbook. The alert fires if the error budget burns too fast in both. */
export interface BurnRateWindow {
  severity: "critical" | "warning";
  long: string;
  short: string;
  /** Burn rate: how many times faster than the objective allows. */
  factor: number;
  for: string;
}

/**
 * Windows for a 30-day objective. They fire after 2 %, 5 %, 10 % and 10 % of the error budget is used.
 *
 * @see https://sre.google/workbook/alerting-on-slos/
 */
export const BURN_RATE_WINDOWS: readonly BurnRateWindow[] = [
  { severity: "critical", long: "1h", short: "5m", factor: 14.4, for: "2m" },
  { severity: "critical", long: "6h", short: "30m", factor: 6, for: "15m" },
  { severity: "warning", long: "1d", short: "2h", factor: 3, for: "1h" },
  { severity: "warning", long: "3d", short: "6h", factor: 1, for: "3h" },
];

/** Every window of the pairs, without duplicates. */
export const BURN_RATE_RANGES: readonly string[] = [
  ...new Set(BURN_RATE_WINDOWS.flatMap(({ short, long }) => [short, long])),
];

/** Returns the error ratio above which a window burns too fast. Throws if no ratio could reach it, because the alert would never fire. */
export function burnRateThreshold(objective: number, factor: number): number {
  const threshold = factor * (1 - objective);
  if (!(objective > 0 && objective < 1 && threshold < 1))
    throw new Error(
      `availability objective must be over ${1 - 1 / 14.4} and under 1 for its burn-rate alerts to be able to fire, got ${objective}: use 0.99 or 0.999`,
    );
  return Number(threshold.toPrecision(6));
}
