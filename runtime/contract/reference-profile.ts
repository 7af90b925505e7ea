import { z } from "zod";

/** Greatest PSI of any `rows` consecutive training rows against all training rows. */
const naturalVariationSchema = z.strictObject({ rows: z.int().min(1), psi: z.number().min(0) });
export type NaturalVariation = z.infer<typeof naturalVariationSchema>;

/** Normal variation of a variable between periods of the training data. Absent in older profiles and in those of few rows. */
const variation = z.array(naturalVariationSchema).optional();

/**
 * The distribution of one variable in the training data. The bins are fixed at training time, so that every later window is
 * compared with the same edges. `shares` sum to 1; the last one is the share of missing values.
 */
export const variableProfileSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    name: z.string(),
    kind: z.literal("numeric"),
    /** Inner edges, ascending: value v falls in bin i where edges[i-1] < v <= edges[i]. edges.length + 1 bins, then missing. */
    edges: z.array(z.number()),
    shares: z.array(z.number()),
    variation,
  }),
  z.strictObject({
    name: z.string(),
    kind: z.literal("categorical"),
    /** Bin i holds code i; then one bin for codes never seen, then missing. */
    codes: z.int(),
    shares: z.array(z.number()),
    variation,
  }),
]);
export type VariableProfile = z.infer<typeof variableProfileSchema>;

/** `reference-profile.json`. */
export const referenceProfileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  rows: z.int().min(1),
  features: z.array(variableProfileSchema),
  score: variableProfileSchema,
});
export type ReferenceProfile = z.infer<typeof referenceProfileSchema>;
