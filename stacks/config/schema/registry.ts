import { z } from "zod";
import { ECR_ACCOUNT_HOSTS } from "../../../components/platform/registry/pull-through.ts";

const host = z
  .string()
  .regex(/^[a-zA-Z0-9.-]+(:\d+)?$/, "must be a host without a scheme, with a port if it is not the default");
/** Prefix of the path of every repository. */
const prefix = z.string().regex(/^[a-z0-9._/-]+$/, "must be a path such as team/ml");

/** ECR accepts no secret with another name. */
const upstreamSecret = z
  .string()
  .regex(
    /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:ecr-pullthroughcache\/\S+$/,
    "must be the ARN of a secret whose name begins with ecr-pullthroughcache/",
  );

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
  z.strictObject({
    kind: z.literal("ecr"),
    /** Secrets of Secrets Manager with accounts of public registries, by host. With one, ECR pulls the images of that registry through. Default: none. */
    upstreamSecrets: z.partialRecord(z.enum(ECR_ACCOUNT_HOSTS), upstreamSecret.optional()).optional(),
  }),
  z.strictObject({ kind: z.literal("artifact-registry") }),
  z.strictObject({ kind: z.literal("acr") }),
]);
export type RegistryConfig = z.infer<typeof registrySchema>;
/** ARNs of secrets with accounts of public registries, by host. */
export type UpstreamSecrets = Readonly<
  Partial<Record<(typeof ECR_ACCOUNT_HOSTS)[number], string | undefined>>
>;

/** Returns the hosts of public registries for which the stack's registry has an account. */
export function upstreamAccounts(registry: RegistryConfig): string[] {
  return registry.kind === "ecr" ? Object.keys(registry.upstreamSecrets ?? {}) : [];
}
