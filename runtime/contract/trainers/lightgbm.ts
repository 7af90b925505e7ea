import { z } from "zod";

/** Boosted trees, trained by LightGBM. */
export const lightGbmSchema = z.strictObject({
  kind: z.literal("lightgbm"),
  trees: z.int().min(1),
  leaves: z.int().min(2),
  learningRate: z.number().positive(),
  minDataInLeaf: z.int().min(0),
  /** True to split categories into sets; false to treat their codes as numbers, in the order of the definition. */
  categoricalSplits: z.boolean(),
  seed: z.int(),
});
export type LightGbmDefinition = z.infer<typeof lightGbmSchema>;
