import type { DriftReport } from "../contract/drift-report.ts";
import type { ModelCard } from "../contract/model-card.ts";
import type { PredictionEntry } from "../contract/prediction-log.ts";
import type { ReferenceProfile, VariableProfile } from "../contract/reference-profile.ts";
import { driftLimit } from "../profile/drift-limit.ts";
import { windowPsi } from "../profile/window-psi.ts";

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
  /** Name of the service in its environment. */
  service: string;
  window: PredictionWindow;
  /** Least PSI from which a variable counts as drifted. */
  threshold: number;
  /** Least number of rows for a verdict. */
  minRows: number;
}

/** Name of the model's score among the variables. */
export const SCORE = "score";

/** Compares a window with the model's reference profile: each feature that may drift, and the score. */
export function driftReport(options: DriftReportOptions): DriftReport {
  const { card, profile, modelReference, environment, service, window, threshold, minRows } = options;
  const rows = window.entries.length;
  const variables =
    rows < minRows
      ? []
      : toColumns(card, profile, window).map(({ name, reference, values }) => {
          const { value, bins } = windowPsi(reference, values);
          const limit = driftLimit({
            threshold,
            profile: reference,
            referenceRows: profile.rows,
            windowRows: rows,
            bins,
          });
          return { name, statistic: "psi" as const, value, rows, limit, drifted: value >= limit };
        });
  return {
    schemaVersion: 1,
    workload: card.workload,
    model: card.name,
    environment,
    service,
    modelReference,
    window: { from: window.from.toISOString(), to: window.to.toISOString(), rows },
    verdict:
      rows < minRows ? "insufficient-data" : variables.some((each) => each.drifted) ? "drifted" : "stable",
    threshold,
    variables,
    maxPsi: variables.length === 0 ? null : Math.max(...variables.map((each) => each.value)),
  };
}

/** Returns the variable with the greatest PSI relative to its limit; undefined without a verdict. */
export function worstVariable({ variables }: DriftReport): DriftReport["variables"][number] | undefined {
  const excess = ({ value, limit = Infinity }: DriftReport["variables"][number]): number => value / limit;
  return variables.toSorted((a, b) => excess(b) - excess(a))[0];
}

interface Column {
  name: string;
  reference: VariableProfile;
  values: (number | null)[];
}

/** Matches features by name: the profile may have another order, and lacks features that change with the calendar alone. */
function toColumns(card: ModelCard, profile: ReferenceProfile, { entries }: PredictionWindow): Column[] {
  const profiles = new Map(profile.features.map((each) => [each.name, each]));
  const features = card.features.flatMap((feature, column): Column[] => {
    const reference = profiles.get(feature.name);
    if (!feature.drift || reference === undefined) return [];
    const values = entries.map((entry) => entry.features[column] ?? null);
    return [{ name: feature.name, reference, values }];
  });
  const score = { name: SCORE, reference: profile.score, values: entries.map((entry) => entry.score) };
  return [...features, score];
}
