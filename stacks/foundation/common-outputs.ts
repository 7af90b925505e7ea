import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

/** Outputs that the foundations of all clouds have. Each value is an output of its own, so that a secret does not make the others secret. */
export const commonFoundationOutputs = {
  /** Kubeconfig of the cluster. It holds no credentials: the command line of the cloud gets a token for the user who runs it. */
  kubeconfig: z.string(),
  /** Name of the cluster in its cloud; null in foundations that were deployed before there was this output. */
  clusterName: z.string().nullable().default(null),
  /** Base URL of the registry. */
  registryUrl: z.string(),
  /** Name servers to which the parent zone of `cloud.dns.zone` must delegate; null without a zone. */
  nameServers: z.array(z.string()).nullable(),
  /** The managed Redis; null without `cloud.redis`. The password is a secret. */
  redisHost: z.string().nullable(),
  redisPassword: z.string().nullable(),
  /** Host of the PostgreSQL, for the tools of people: the platform does not use it. Null without `cloud.database`. */
  databaseHost: z.string().nullable().default(null),
};

/** Outputs of a foundation where the program creates them. */
export type ExportedFoundation<Schema extends z.ZodObject> = {
  [Key in keyof z.infer<Schema>]: pulumi.Input<z.infer<Schema>[Key]>;
};

/** Outputs of a foundation where another stack reads them. */
export type ReadFoundation<Schema extends z.ZodObject> = {
  [Key in keyof z.infer<Schema>]: pulumi.Output<z.infer<Schema>[Key]>;
};

/** Components of a foundation that have outputs on every cloud. */
interface CommonComponents {
  cluster: { kubeconfig: pulumi.Output<string>; clusterName: pulumi.Input<string> };
  registryUrl: string;
  dns: { nameServers: pulumi.Output<string[]> } | undefined;
  redis: { host: pulumi.Output<string>; password: pulumi.Output<string> } | undefined;
  database: { host: pulumi.Output<string> } | undefined;
}

/** Returns the outputs that the foundations of all clouds have; nulls for what the config leaves out. */
export function commonOutputs({
  cluster,
  registryUrl,
  dns,
  redis,
  database,
}: CommonComponents): ExportedFoundation<z.ZodObject<typeof commonFoundationOutputs>> {
  return {
    kubeconfig: cluster.kubeconfig,
    clusterName: cluster.clusterName,
    registryUrl,
    nameServers: dns?.nameServers ?? null,
    redisHost: redis?.host ?? null,
    redisPassword: redis?.password ?? null,
    databaseHost: database?.host ?? null,
  };
}
