import { z } from "zod";

/** A source distribution on a Python package index, pinned by hash. */
export const pythonPackageSchema = z.strictObject({
  /** Kind of the source: each has a fetcher in `runtime/sources`. @default "python-package" */
  kind: z.literal("python-package").default("python-package"),
  package: z.string(),
  version: z.string(),
  /** Name of the source distribution's file. */
  file: z.string(),
  /** Hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "must be 64 hex digits"),
  /** SPDX identifier. */
  licence: z.string(),
});
export type PythonPackage = z.infer<typeof pythonPackageSchema>;

/** Where the data of a workload comes from. */
export const sourceSchema = pythonPackageSchema;
export type Source = z.infer<typeof sourceSchema>;
export type SourceKind = Source["kind"];
