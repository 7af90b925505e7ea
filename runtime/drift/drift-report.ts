import type { DriftReport } from "../contract/drift-report.ts";
import type { ModelCard } from "../contract/model-card.ts";
import type { PredictionEntry } from "../contract/prediction-log.ts";
import type { ReferenceProfile, VariableProfile } from "../contract/reference-profile.ts";
import { binShares } from "./bin-shares.ts";
import { psi } from "./psi.ts";

/** The newest predictions of one model. */
export interface PredictionWindow {
  from: Date;
  to: Date;
  entries: readonly Pick<PredictionEntry, "features" | "score">[];
}

export interface DriftReportOptions {
  card: ModelCard;
  profile: ReferenceProfile;
  modelReference: string;
  environment: string;
  window: PredictionWindow;
  /** PSI from which a variable counts as drifted. */
  threshold: number;
  /** Fewer rows give no verdict. */
  minRows: number;
}

/** Name of the model's output among the variables. */
export const SCORE = "score";

/** Judges a window by the profile that the model carries: each feature that may drift, and the score. */
export function driftReport(options: DriftReportOptions): DriftReport {
  const { card, profile, modelReference, environment, window, threshold, minRows } = options;
  const rows = window.entries.length;
  const variables =
    rows < minRows
      ? []
      : toColumns(card, profile, window).map(([name, of, values]) => {
          const value = psi(of.shares, binShares(of, values));
          return { name, statistic: "psi" as const, value, rows, drifted: value >= threshold };
        });
  return {
    schemaVersion: 1,
    workload: card.workload,
    model: card.name,
    environment,
    modelReference,
    window: { from: window.from.toISOString(), to: window.to.toISOString(), rows },
    verdict:
      rows < minRows ? "insufficient-data" : variables.some((each) => each.drifted) ? "drifted" : "stable",
    threshold,
    variables,
    maxPsi: variables.length === 0 ? null : Math.max(...variables.map((each) => each.value)),
  };
}

type Column = [name: string, profile: VariableProfile, values: (number | null)[]];

/** Features are matched by name: the profile may hold them in another order, and leave out what moves by the calendar. */
function toColumns(card: ModelCard, profile: ReferenceProfile, { entries }: PredictionWindow): Column[] {
  const profiles = new Map(profile.features.map((each) => [each.name, each]));
  const features = card.features.flatMap((feature, column): Column[] => {
    const of = profiles.get(feature.name);
    if (!feature.drift || of === undefined) return [];
    return [[feature.name, of, entries.map((entry) => entry.features[column] ?? null)]];
  });
  return [...features, [SCORE, profile.score, entries.map((entry) => entry.score)]];
}
