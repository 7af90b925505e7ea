import { z } from "zod";
import { commonFoundationOutputs } from "./common-outputs.ts";

/** The outputs of a foundation on Azure, which its platform stack reads. */
export const azureFoundationSchema = z.object({
  ...commonFoundationOutputs,
  resourceGroupName: z.string(),
  /** Log Analytics workspace that gets the logs. */
  workspaceId: z.string(),
  /** URL of the issuer of the cluster's service account tokens. */
  oidcIssuerUrl: z.string(),
  registryId: z.string(),
  /** Blob container for data that jobs write in addition to artifacts. */
  dataContainerId: z.string(),
  /** Disk encryption set for the volumes of pods. */
  volumesEncryptionSetId: z.string(),
  /** Key Vault of the secrets of `cloud.secrets`; null without any. */
  vaultUrl: z.string().nullable(),
  /** Ids of these secrets by name. */
  secretIds: z.record(z.string(), z.string()),
  /** Security group of the nodes, to which gateways add rules; null without `cloud.dns.ingress`. */
  nodesSecurityGroupName: z.string().nullable(),
  /** Key Vault of the certificate of gateways; null without `cloud.dns.ingress`. */
  certificatesVaultId: z.string().nullable(),
  certificatesVaultUrl: z.string().nullable(),
  endpointsSubnetId: z.string(),
  /** Subnet of function apps; null unless `cloud.targets` has azure-functions. */
  functionsSubnetId: z.string().nullable(),
  /** Private DNS zones by service, such as `blob`. */
  privateZoneIds: z.record(z.string(), z.string()),
  /** Key that encrypts storage accounts. */
  dataKey: z.object({
    id: z.string(),
    uri: z.string(),
    versionedUri: z.string(),
    vaultUri: z.string(),
    vaultId: z.string(),
  }),
});
