import { z } from "zod";
import { digestSchema } from "./artifact-reference.ts";

/** Digests of the parts of a definition from which a model was made and judged. An artifact has those of the steps up to its own. */
export const definitionDigestsSchema = z.partialRecord(
  z.enum(["features", "train", "evaluate"]),
  digestSchema,
);
export type DefinitionDigests = z.infer<typeof definitionDigestsSchema>;
