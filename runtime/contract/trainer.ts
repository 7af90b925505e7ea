import { z } from "zod";
import { importSchema } from "./trainers/import.ts";
import { lightGbmSchema } from "./trainers/lightgbm.ts";
import { pythonTrainerSchema } from "./trainers/python.ts";

/** What makes `model.onnx` of a feature table. After `train` every step reads that file alone. */
export const trainerSchema = z.discriminatedUnion("kind", [
  lightGbmSchema,
  pythonTrainerSchema,
  importSchema,
]);
export type TrainerDefinition = z.infer<typeof trainerSchema>;
