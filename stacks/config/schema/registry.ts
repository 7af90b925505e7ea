import { z } from "zod";

const host = z
  .string()
  .regex(/^[a-zA-Z0-9.-]+(:\d+)?$/, "must be a host, with a port where it is not the default, and no scheme");
/** Path before every repository. */
const prefix = z.string().regex(/^[a-z0-9._/-]+$/, "must be a path such as team/ml");

export const registrySchema = z.discriminatedUnion("kind", [
  /** Beside the cluster, over http. */
  z.strictObject({
    kind: z.literal("local"),
    host,
    prefix: prefix.optional(),
    credentialsFile: z.string().min(1),
    /** Account that may only read, for servers. Default: `credentialsFile`. */
    readCredentialsFile: z.string().min(1).optional(),
  }),
  /** A team's own, over https. Without a file, nodes and pods have an identity of their own. */
  z.strictObject({
    kind: z.literal("existing"),
    host,
    prefix: prefix.optional(),
    credentialsFile: z.string().min(1).optional(),
    /** Account that may only read, for servers. Default: `credentialsFile`. */
    readCredentialsFile: z.string().min(1).optional(),
  }),
  /** The stack's own, in the cloud of its cluster: its address follows from the account and the region. */
  z.strictObject({ kind: z.literal("ecr") }),
  z.strictObject({ kind: z.literal("artifact-registry") }),
  z.strictObject({ kind: z.literal("acr") }),
]);
export type RegistryConfig = z.infer<typeof registrySchema>;
