import { z } from "zod";

/** A finished `model.onnx` from elsewhere: `npm run register` gives it, and nothing trains it. */
export const importSchema = z.strictObject({ kind: z.literal("import") });
export type ImportDefinition = z.infer<typeof importSchema>;
