import { z } from "zod";
import { featureViewSchema } from "./feature-view.ts";
import { kebabNameSchema } from "./kebab-name.ts";
import { modelDefinitionSchema } from "./model-definition.ts";
import { sourceSchema } from "./source.ts";
import { tableRuleSchema } from "./table-rule.ts";

/** One team's models and the data that they share. A workload holds only definitions, no code that runs by itself. */
export const workloadSchema = z.strictObject({
  /** Kebab case: first part of every repository. */
  name: kebabNameSchema,
  description: z.string().default(""),
  source: sourceSchema,
  /** UTC time that the online store shows, for a history that has ended. @default - now */
  asOf: z.iso.datetime("must be a UTC time such as 2013-12-30T12:00:00Z").optional(),
  tables: z.array(tableRuleSchema).readonly(),
  /** @default - nothing is looked up */
  views: z.array(featureViewSchema).readonly().default([]),
  models: z.array(modelDefinitionSchema).readonly(),
});
export type Workload = z.infer<typeof workloadSchema>;
/** A workload as its author writes it: what has a default may be left out. */
export type WorkloadInput = z.input<typeof workloadSchema>;

/** Types a workload's definition. `workloads/catalog.ts` checks it when it loads it. */
export function defineWorkload(definition: WorkloadInput): WorkloadInput {
  return definition;
}
