import { z } from "zod";

const host = z
  .string()
  .regex(/^[a-zA-Z0-9.-]+(:\d+)?$/, "must be a host without a scheme, with a port if it is not the default");
/** Prefix of the path of every repository. */
const prefix = z.string().regex(/^[a-z0-9._/-]+$/, "must be a path such as team/ml");

export const registrySchema = z.discriminatedUnion("kind", [
  /** A registry beside the cluster, over http. */
  z.strictObject({
    kind: z.literal("local"),
    host,
    prefix: prefix.optional(),
    credentialsFile: z.string().min(1),
    /** Account that may only read, for servers. Default: `credentialsFile`. */
    readCredentialsFile: z.string().min(1).optional(),
  }),
  /** A registry of a team, over https. Without `credentialsFile`, nodes and pods have their own identities. */
  z.strictObject({
    kind: z.literal("existing"),
    host,
    prefix: prefix.optional(),
    credentialsFile: z.string().min(1).optional(),
    /** Docker config of an account that may only read, for servers. Default: `credentialsFile`. */
    readCredentialsFile: z.string().min(1).optional(),
  }),
  /** The registry that the stack creates in the cloud of its cluster. Its address follows from the account and the region. */
  z.strictObject({ kind: z.literal("ecr") }),
  z.strictObject({ kind: z.literal("artifact-registry") }),
  z.strictObject({ kind: z.literal("acr") }),
]);
export type RegistryConfig = z.infer<typeof registrySchema>;
