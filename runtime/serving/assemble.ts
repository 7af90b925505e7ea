import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";
import type { Lookup, LookupResult } from "../features/online-store.ts";
import { flushToZero, toFeatureValue } from "./feature-value.ts";
import { inputColumns, type InputColumn } from "./input-columns.ts";
import { excerpt } from "./json-value.ts";
import type { Instance } from "./predict-request.ts";

/** Names of features whose value the model has to do without, by why. */
export interface FeatureGaps {
  /** Not sent, no such entity, not known yet at the time asked for, or known to have no value. */
  missing: string[];
  /** Known, and older than the view allows. */
  stale: string[];
  /** A category that the model was not trained with. */
  unknown: string[];
  /**
   * Those of the above that training never saw missing: the model has no branch for that, and scores them as if they had
   * some value. For LightGBM that is 0, or the first category.
   */
  untrained: string[];
}

/** Returns what to look up: one lookup per instance and view, instance by instance. */
export function toLookups(instances: readonly Instance[], card: ModelCard): Lookup[] {
  return instances.flatMap(({ entities, features }) =>
    card.views.map((view) => {
      // A key that is a feature as well, such as the origin of a flight, need not be said twice.
      const keys = view.entity.map((key) => entities[key] ?? features[key] ?? undefined);
      return { view, entity: keys.includes(undefined) ? undefined : keys.map(String) };
    }),
  );
}

/** Returns the model's input for the instances, and what each lacks. `found` answers `toLookups`. */
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

function requestedValue({ name, codes }: InputColumn, instance: Instance, owner: () => string): number {
  const value = instance.features[name] ?? instance.entities[name] ?? null;
  if (value === null) return NaN;
  if (codes === undefined) return toFeatureValue(value, owner);
  if (typeof value === "string") return codes.get(value) ?? NaN;
  const [example = ""] = codes.keys();
  throw new BadInput(
    `${owner()} must be the name of a category, such as ${JSON.stringify(example)}, got ${excerpt(value)}`,
  );
}

const isGiven = ({ features, entities }: Instance, name: string): boolean =>
  (features[name] ?? entities[name] ?? null) !== null;
