import { z } from "zod";
import { commonFoundationOutputs } from "./common-outputs.ts";

/** The outputs of a foundation on AWS, which its platform stack reads. */
export const awsFoundationSchema = z.object({
  ...commonFoundationOutputs,
  /** Identity provider in IAM for the tokens of the cluster's service accounts. */
  oidcProviderArn: z.string(),
  /** Issuer of these tokens, without `https://`. */
  oidcIssuer: z.string(),
  vpcId: z.string(),
  privateSubnetIds: z.array(z.string()),
  /** Subnets of load balancers, and their address ranges in the same order. */
  publicSubnetIds: z.array(z.string()),
  publicSubnetCidrs: z.array(z.string()),
  /** Security group of nodes and pods. */
  nodesSecurityGroupId: z.string(),
  /** Keys that encrypt artifacts, objects, secrets and the volumes of pods. */
  registryKeyArn: z.string(),
  objectsKeyArn: z.string(),
  secretsKeyArn: z.string().nullable(),
  volumesKeyArn: z.string(),
  /** ARNs of the secrets of `cloud.secrets` by name. */
  secretArns: z.record(z.string(), z.string()),
  /** Role of the nodes of EKS Auto Mode; null without `cluster.nodeAutoProvisioning`, and in foundations that were deployed before there was one. */
  autoNodeRoleName: z.string().nullable().default(null),
  /** Secret with `username` and `password` of the database; null without `cloud.database`. */
  databaseCredentialsArn: z.string().nullable().default(null),
  redisSecurityGroupId: z.string().nullable(),
  /** Hosted zone of `cloud.dns`; null without it. */
  dnsZoneId: z.string().nullable(),
  /** Certificate for the names of that zone; null unless the zone is delegated. */
  certificateArn: z.string().nullable(),
});
