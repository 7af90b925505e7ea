import { z } from "zod";
import { licenceSchema } from "./remote-fields.ts";

/** A source distribution on a Python package index, pinned by hash. */
export const pythonPackageSchema = z.strictObject({
  kind: z.literal("python-package"),
  package: z.string(),
  version: z.string(),
  /** Name of the source distribution's file. */
  file: z.string(),
  /** Hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
  licence: licenceSchema,
});
export type PythonPackage = z.infer<typeof pythonPackageSchema>;
