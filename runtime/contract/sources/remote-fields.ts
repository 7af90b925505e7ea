import { z } from "zod";

/** SPDX identifier of the data's licence. */
export const licenceSchema = z.string();

/** Name of a Secret with what proves who reads. A definition never holds the values themselves. */
export const credentialsSchema = z.strictObject({
  /** Name of a Secret in the namespace of the jobs that `slipway:sources.secrets` lists; on a host, of a folder. */
  secret: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "must be the name of a Secret, such as prices-bucket"),
});

/** Fields of every source whose content is known only after it has been read. */
export const remoteFields = {
  /** @default - the pod's own identity in its cloud, if it has one; else none */
  credentials: credentialsSchema.optional(),
  licence: licenceSchema.optional(),
};
