import { z } from "zod";
import type { Feature } from "../contract/feature.ts";
import { REQUEST_VIEW } from "../contract/feature-view.ts";
import type { ModelCard } from "../contract/model-card.ts";
import { BadInput } from "../errors.ts";
import type { Lookup, LookupResult } from "../features/online-store.ts";
import { describeIssues, toFloat32 } from "./infer-request.ts";

const instanceSchema = z.strictObject({
  /** Keys by which features are looked up, such as `{ "origin": "JFK" }`. An entity left out counts as missing. */
  entities: z.record(z.string(), z.union([z.string().min(1), z.number()])).default({}),
  /** What is known at the time of the request: numbers, or names of categories; null = missing. */
  features: z.record(z.string(), z.union([z.string(), z.number(), z.null()])).default({}),
});

const predictRequestSchema = z.strictObject({
  /** Time of the prediction, by which looked-up values are fresh or stale. @default - now */
  at: z.iso.datetime({ offset: true }).optional(),
  instances: z.array(instanceSchema).min(1),
});

export interface Instance {
  entities: Record<string, string | number>;
  features: Record<string, string | number | null>;
}

export interface PredictRequest {
  /** Unix milliseconds. */
  atMs: number;
  instances: Instance[];
}

/** Names of features whose value the model has to do without, by why. */
export interface FeatureGaps {
  /** Not sent, no such entity, or known to have no value. */
  missing: string[];
  /** Known, and older than the view allows. */
  stale: string[];
  /** A category that the model was not trained with. */
  unknown: string[];
}

/** Throws BadInput for a body that is not a prediction request, or that names what the model does not know. */
export function parsePredictRequest(
  body: unknown,
  card: ModelCard,
  maxInstances: number,
  nowMs: number,
): PredictRequest {
  const parsed = predictRequestSchema.safeParse(body);
  if (!parsed.success) throw new BadInput(`${card.name}: ${describeIssues(parsed.error)}`);
  const { at, instances } = parsed.data;
  if (instances.length > maxInstances)
    throw new BadInput(
      `${card.name}: instances must be at most ${maxInstances}, got ${instances.length}; send them in parts`,
    );
  const entities = new Set(card.views.flatMap((view) => view.entity));
  const features = new Set(card.features.filter(isRequested).map(({ name }) => name));
  instances.forEach((instance, i) => {
    refuseUnknown(`${card.name}: instances[${i}].entities`, instance.entities, entities);
    refuseUnknown(`${card.name}: instances[${i}].features`, instance.features, features);
  });
  return { atMs: at === undefined ? nowMs : Date.parse(at), instances };
}

/** What to look up: one lookup per instance and view, instance by instance. */
export function toLookups(instances: readonly Instance[], card: ModelCard): Lookup[] {
  return instances.flatMap(({ entities, features }) =>
    card.views.map((view) => {
      // A key that is a feature as well, such as the origin of a flight, need not be said twice.
      const keys = view.entity.map((key) => entities[key] ?? features[key] ?? undefined);
      return { view, entity: keys.includes(undefined) ? undefined : keys.map(String) };
    }),
  );
}

/** The model's input for the instances, and what is missing in each. `found` answers `toLookups`. */
export function assemble(
  instances: readonly Instance[],
  card: ModelCard,
  found: readonly LookupResult[],
): { batch: Float32Array; gaps: FeatureGaps[] } {
  const width = card.features.length;
  const batch = new Float32Array(instances.length * width);
  const gaps = instances.map(({ entities, features }, i): FeatureGaps => {
    const gap: FeatureGaps = { missing: [], stale: [], unknown: [] };
    card.features.forEach((feature, column) => {
      const owner = `${card.name}: instances[${i}].features.${feature.name}`;
      const { value, reason } = isRequested(feature)
        ? requested(owner, feature, features[feature.name] ?? entities[feature.name] ?? null)
        : lookedUp(feature, card, found, i);
      batch[i * width + column] = value;
      if (Number.isNaN(value)) gap[reason].push(feature.name);
    });
    return gap;
  });
  return { batch, gaps };
}

interface Value {
  value: number;
  /** Why the value is missing where it is NaN. */
  reason: keyof FeatureGaps;
}

function requested(owner: string, feature: Feature, value: string | number | null): Value {
  if (value === null) return { value: NaN, reason: "missing" };
  if (feature.categories === undefined) return { value: toFloat32(value, () => owner), reason: "missing" };
  if (typeof value !== "string")
    throw new BadInput(
      `${owner} must be the name of a category, such as ${JSON.stringify(feature.categories[0])}, got ${value}`,
    );
  const code = feature.categories.indexOf(value);
  return { value: code === -1 ? NaN : code, reason: "unknown" };
}

function lookedUp(
  feature: Feature,
  card: ModelCard,
  found: readonly LookupResult[],
  instance: number,
): Value {
  const v = card.views.findIndex(({ name }) => name === feature.view);
  const result = found[instance * card.views.length + v];
  const column = card.views[v]?.features.indexOf(feature.name) ?? -1;
  return {
    value: result?.status === "hit" ? (result.values[column] ?? NaN) : NaN,
    reason: result?.status === "stale" ? "stale" : "missing",
  };
}

const isRequested = (feature: Feature): boolean => feature.view === REQUEST_VIEW;

function refuseUnknown(owner: string, given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given))
    if (!known.has(name))
      throw new BadInput(`${owner} must be among ${[...known].join(", ")}, got ${JSON.stringify(name)}`);
}
