import { z } from "zod";
import { relativePathSchema } from "../relative-path.ts";
import { pinnedFileSchema } from "../sources/files.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** A program of the workload's author in a container of its own, with the files of `contract/trainer-container.ts`. */
export const pythonTrainerSchema = z.strictObject({
  kind: z.literal("python"),
  /**
   * Folder in the workload's folder with `train.py`, `requirements.txt` (the lock: each package with its version and hashes) and what
   * else `train.py` reads. @default "trainer"
   */
  folder: relativePathSchema.default("trainer"),
  /** What `train.py` finds in `params.json`. @default - none */
  params: z.record(z.string(), z.union([scalar, z.array(scalar).readonly()])).default({}),
  /** Seed of everything random, `seed` in `params.json`. @default 1 */
  seed: z.int().default(1),
  /** Minutes after which the training fails, with the download of its image. @default 30 */
  timeoutMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(30),
  /** Memory of the trainer in MiB. @default - `training.memoryMib` of the stack */
  memoryMib: z.int().min(256).optional(),
  /** Cores of the trainer. @default - `training.cpuLimitMillis` of the stack */
  cpu: z.number().min(0.1).optional(),
  /** GPUs of the trainer, of the type in `training.gpu` of the stack. @default - those of the stack */
  gpu: z.int().min(1).optional(),
  /** The files of the folder, sorted by name. They are taken when the definition is loaded: nobody writes them by hand. */
  files: z.array(pinnedFileSchema).readonly().optional(),
});
export type PythonTrainer = z.infer<typeof pythonTrainerSchema>;

/** The program in a trainer's folder. */
export const TRAIN_PROGRAM = "train.py";
/** The lock in a trainer's folder. */
export const TRAINER_LOCK = "requirements.txt";
