import { z } from "zod";
import { endpointSchema, objectStoreFields } from "./object-store-fields.ts";

/** Objects of a bucket of Amazon S3, or of a server that speaks its protocol. */
export const s3Schema = z.strictObject({
  kind: z.literal("s3"),
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket, such as acme-prices"),
  /** @default - that of the pod or the machine; else "us-east-1" */
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be a region such as eu-central-1")
    .optional(),
  /** Address of a server other than Amazon's, such as `https://minio.example.com:9000`. @default - Amazon S3 in `region` */
  endpoint: endpointSchema.optional(),
  ...objectStoreFields,
});
export type S3 = z.infer<typeof s3Schema>;
