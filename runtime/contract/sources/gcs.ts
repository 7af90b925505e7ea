import { z } from "zod";
import { endpointSchema, objectStoreFields } from "./object-store-fields.ts";

/** Objects of a bucket of Google Cloud Storage. */
export const gcsSchema = z.strictObject({
  kind: z.literal("gcs"),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, "must be the name of a bucket, such as acme-prices"),
  /** @default "https://storage.googleapis.com" */
  endpoint: endpointSchema.optional(),
  ...objectStoreFields,
});
export type Gcs = z.infer<typeof gcsSchema>;
