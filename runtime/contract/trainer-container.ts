import { z } from "zod";
import { featureSchema } from "./feature.ts";
import { learntTaskSchema } from "./task.ts";

/**
 * The contract between the pipeline and a container that trains. The container's working directory is `/`, and it may write to `/out`
 * and `/tmp` alone. It ends with exit code 0 if the files of `/out` are complete.
 */
export const TRAINER_FOLDERS = {
  /** Read-only: the files of `TRAINER_INPUTS`. */
  in: "in",
  /** The files of `TRAINER_OUTPUTS`. */
  out: "out",
  /** Read-only: the folder of the trainer, with `train.py`. */
  program: "trainer",
} as const;

export const TRAINER_INPUTS = {
  /** Labelled training rows: a float32 column for each feature (a categorical one has codes; missing = NaN), `label`, `predict_at`, and `label_group` of a ranking. */
  features: "features.parquet",
  /** Up to `CHECK_ROWS` other rows: the features alone. */
  check: "check.parquet",
  /** What the columns mean (`trainerInputSchema`). */
  description: "features.json",
  /** `params` of the definition, and its `seed`. */
  params: "params.json",
} as const;

export const TRAINER_OUTPUTS = {
  /** The model, complete in one file: features in the order of `features.json` → scores. */
  model: "model.onnx",
  /**
   * JSON: the scores of the rows of `check.parquet` by the trainer's own library, one number or one list of numbers for each row. They
   * prove that `model.onnx` scores the same.
   */
  scores: "scores.json",
  /** JSON object of numbers that people may want to see. May be left out. */
  metrics: "metrics.json",
} as const;

/** Largest files that are read from `/out`, in bytes. */
export const OUTPUT_LIMITS: Readonly<Record<keyof typeof TRAINER_OUTPUTS, number>> = {
  model: 2 ** 30,
  scores: 2 ** 26,
  metrics: 2 ** 20,
};

/** Rows whose scores are compared. */
export const CHECK_ROWS = 1000;

/** `features.json` of a trainer. */
export const trainerInputSchema = z.strictObject({
  schemaVersion: z.literal(1),
  workload: z.string(),
  model: z.string(),
  /** What a label means: 0 or 1; of several classes, the index in `task.classes`; else a number. */
  task: learntTaskSchema,
  /** The columns, in the order of the model's input. */
  features: z.array(featureSchema.pick({ name: true, kind: true, categories: true, min: true, max: true })),
  /** Numbers that the model gives for one row. */
  outputs: z.int().min(1),
  rows: z.int(),
  checkRows: z.int(),
});
export type TrainerInput = z.infer<typeof trainerInputSchema>;

/** A line of the trainer's stdout that is shown while it runs. Other lines are kept in the log. */
export const progressLineSchema = z.object({
  /** Such as `epoch`. */
  message: z.string(),
  done: z.number().optional(),
  of: z.number().optional(),
});
