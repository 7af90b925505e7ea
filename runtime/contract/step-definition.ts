import { createHash } from "node:crypto";
import { z } from "zod";
import { featureColumnSchema, featureViewSchema } from "./feature-view.ts";
import { modelDefinitionSchema } from "./model-definition.ts";
import { PIPELINE, type StepName } from "./pipeline.ts";
import {
  fetchedSourceSchema,
  pinnedSourceSchema,
  readRemoteSourceSchema,
  type FetchedSource,
} from "./source.ts";
import { workloadSchema, type Workload } from "./workload.ts";

const owner = { schemaVersion: z.literal(1), workload: z.string() };
const model = modelDefinitionSchema.strip();
/** Texts for people are left out where they would make a step run again, or change what it makes. */
const column = featureColumnSchema.omit({ description: true }).strip();
const view = featureViewSchema
  .omit({ description: true })
  .extend({ features: z.array(column).readonly() })
  .strip();

/**
 * The part of a workload's definition that each step needs, `definition.json` of an artifact of kind `definition`. A step runs again
 * only where its own part has changed: a change of the gate does not train, a change of a model does not concern another.
 */
export const STEP_DEFINITIONS = {
  fetch: z.object({ ...owner, source: fetchedSourceSchema }),
  ingest: z.object({
    ...owner,
    /** The objects of a remote source are named by its artifact alone. */
    source: z.union([pinnedSourceSchema, readRemoteSourceSchema]),
    tables: workloadSchema.shape.tables,
  }),
  materialize: z.object({ ...owner, asOf: workloadSchema.shape.asOf, views: z.array(view).readonly() }),
  features: z.object({
    ...owner,
    /** The views of the model, in the order of its columns. */
    views: z.array(view).readonly(),
    model: model
      .pick({ name: true, tables: true, rows: true, split: true, task: true, segments: true })
      .extend({ request: z.array(column).readonly() }),
  }),
  train: z.object({ ...owner, model: model.pick({ name: true, trainer: true }) }),
  evaluate: z.object({ ...owner, model: model.pick({ name: true, threshold: true, gate: true }) }),
  package: z.object({
    ...owner,
    model: model.pick({ name: true, description: true }),
    /** Feature → its description. Features without one are left out. */
    featureDescriptions: z.record(z.string(), z.string()),
  }),
} as const satisfies Record<StepName, z.ZodType>;

/** A workload whose files are known by digest, as `fetch` and `ingest` need it. A remote source is as its author wrote it. */
export type PinnedWorkload = Omit<Workload, "source"> & { source: FetchedSource };

export type StepDefinition<Step extends StepName> = z.infer<(typeof STEP_DEFINITIONS)[Step]>;

/**
 * Returns the part of a workload's definition that a step needs. Throws a ZodError for a step of a model without a
 * model, and for `fetch` and `ingest` of files without digests.
 */
export function stepDefinition<Step extends StepName>(
  step: Step,
  workload: Workload | PinnedWorkload,
  modelName?: string,
): StepDefinition<Step> {
  const definition = workload.models.find(({ name }) => name === modelName);
  const used = definition?.views.map((name) => workload.views.find((each) => each.name === name)) ?? [];
  const parts = {
    ...workload,
    schemaVersion: 1,
    workload: workload.name,
    ...(PIPELINE[step].per === "workload"
      ? {}
      : { views: used, model: definition, featureDescriptions: describedFeatures(workload, modelName) }),
  };
  return STEP_DEFINITIONS[step].parse(parts) as StepDefinition<Step>;
}

function describedFeatures(
  { models, views }: Pick<Workload, "models" | "views">,
  modelName?: string,
): Record<string, string> {
  const definition = models.find(({ name }) => name === modelName);
  const columns = [
    ...(definition?.request ?? []),
    ...views.filter(({ name }) => definition?.views.includes(name)).flatMap(({ features }) => features),
  ];
  return Object.fromEntries(
    columns.flatMap(({ name, description }) => (description === undefined ? [] : [[name, description]])),
  );
}

/** Returns the bytes of `definition.json`. The same part of a definition gives the same bytes. */
export function definitionText(definition: StepDefinition<StepName>): string {
  return `${JSON.stringify(definition, null, 2)}\n`;
}

/** Returns the sha256 of a step's `definition.json`. */
export function definitionDigest(definition: StepDefinition<StepName>): string {
  return `sha256:${createHash("sha256").update(definitionText(definition)).digest("hex")}`;
}
