import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";
import type { Lookup, LookupResult } from "../features/online-store.ts";
import { flushToZero, toFeatureValue } from "./feature-value.ts";
import { inputColumns, type InputColumn } from "./input-columns.ts";
import { excerpt } from "./json-value.ts";
import type { Instance } from "./predict-request.ts";

/** Names of the features that the model has to score without, by reason. */
export interface FeatureGaps {
  /** Not sent, no such entity, not yet known at the request's `at`, or known to have no value. */
  missing: string[];
  /** Known, but older than the view's TTL. */
  stale: string[];
  /** Sent, but a category that the model was not trained with, or a number outside of the feature's limits. */
  unknown: string[];
  /**
   * Those of the three lists above that no training row lacked: the model has no branch for a missing value there, and scores
   * it as some value. For LightGBM that is 0, or the first category.
   */
  untrained: string[];
}

/** Returns one lookup per instance and view, instance by instance. */
export function toLookups(instances: readonly Instance[], card: ModelCard): Lookup[] {
  return instances.flatMap(({ entities, features }) =>
    card.views.map((view) => {
      // A key that is also a feature, such as the origin of a flight, may be sent as either.
      const keys = view.entity.map((key) => entities[key] ?? features[key] ?? undefined);
      return { view, entity: keys.includes(undefined) ? undefined : keys.map(String) };
    }),
  );
}

/** Returns the model's input for the instances, and what each lacks. `found` holds the results of `toLookups`, in its order. */
export function assemble(
  instances: readonly Instance[],
  card: ModelCard,
  found: readonly LookupResult[],
): { batch: Float32Array; gaps: FeatureGaps[] } {
  const { columns } = inputColumns(card);
  const batch = new Float32Array(instances.length * columns.length);
  const gaps = instances.map((instance, i): FeatureGaps => {
    const gap: FeatureGaps = { missing: [], stale: [], unknown: [], untrained: [] };
    columns.forEach((column, c) => {
      const { name, view, viewColumn, neverMissingInTraining } = column;
      const result = found[i * card.views.length + view];
      const value =
        view === -1
          ? requestedValue(column, instance, () => `${card.name}: instances[${i}].features.${name}`)
          : result?.status === "hit"
            ? flushToZero(result.values[viewColumn] ?? NaN)
            : NaN;
      batch[i * columns.length + c] = value;
      if (!Number.isNaN(value)) return;
      if (view !== -1) gap[result?.status === "stale" ? "stale" : "missing"].push(name);
      else gap[isGiven(instance, name) ? "unknown" : "missing"].push(name);
      if (neverMissingInTraining) gap.untrained.push(name);
    });
    return gap;
  });
  return { batch, gaps };
}

function requestedValue(
  { name, codes, range }: InputColumn,
  instance: Instance,
  owner: () => string,
): number {
  const value = instance.features[name] ?? instance.entities[name] ?? null;
  if (value === null) return NaN;
  if (codes === undefined) return toFeatureValue(value, range, owner);
  if (typeof value === "string") return codes.get(value) ?? NaN;
  const [example = ""] = codes.keys();
  throw new BadInput(
    `${owner()} must be the name of a category, such as ${JSON.stringify(example)}, got ${excerpt(value)}`,
  );
}

const isGiven = ({ features, entities }: Instance, name: string): boolean =>
  (features[name] ?? entities[name] ?? null) !== null;
