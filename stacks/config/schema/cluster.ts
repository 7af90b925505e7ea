import { z } from "zod";
import { EKS_ADD_ONS } from "../../../components/aws/cluster/eks-add-on-versions.ts";
import { GPU_TYPES } from "../../../components/platform/kubernetes/gpu-types.ts";
import {
  awsGpuPools,
  azureGpuPools,
  azureZone,
  gcpGpuPools,
  gcpZone,
  neuronPool,
  nodePoolSchema,
  tpuPool,
} from "./node-pools.ts";
import { eachOnce } from "./each-once.ts";
import { NODE_RELEASES, type NodeImage } from "./node-releases.ts";
import { count, cidrSchema, nameSchema } from "./scalars.ts";

const VERSION_RULE = 'must be a minor version in quotes, such as "1.35"';

/** Keys of the managed clusters of all clouds. */
const managed = {
  region: z
    .string()
    .regex(/^[a-z0-9-]+$/, "must be the name of a region, such as eu-central-1, europe-west4 or westeurope"),
  /** Minor version of Kubernetes. Default: the component's. */
  version: z
    .string(VERSION_RULE)
    .regex(/^1\.\d+$/, VERSION_RULE)
    .optional(),
  /**
   * Networks of those who administer. They reach the API server, and on Azure also the registry and the secret store, which elsewhere
   * are reachable by identity alone. A public network opens a public endpoint for itself; a private one is let in to the private
   * endpoint. Default: none, only the network of the cluster.
   */
  adminCidrs: z
    .array(cidrSchema)
    .refine(...eachOnce("network"))
    .prefault([]),
  /** Pools without GPUs: `system` runs the components of the cluster itself, `cpu` runs all other pods. */
  nodePools: z
    .strictObject({ system: nodePoolSchema.optional(), cpu: nodePoolSchema.optional() })
    .prefault({}),
  /**
   * Lets the cluster create nodes for pending pods by itself: EKS Auto Mode, and node auto-provisioning of GKE and AKS. The limits bound the
   * bill. Default: only the pools of the config, which grow to their max.
   */
  nodeAutoProvisioning: z
    .strictObject({
      maxVcpus: count(4),
      maxMemoryGib: count(16),
      /** Greatest number of GPUs by type. Default: no machines with GPUs. */
      maxGpus: z.partialRecord(z.enum(GPU_TYPES), count(1).optional()).optional(),
      /** Take cheaper nodes that the cloud may take back, and others where it has none. Default: false. */
      spot: z.boolean().optional(),
    })
    .optional(),
};

/** Schema of a key that only another cloud has. Refuses it with `message`, which names the alternative. */
function absent(message: string) {
  return z.custom<undefined>((value) => value === undefined, message).optional();
}

const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  /** Path of a kubeconfig, relative to the root of the project. Default: the file in KUBECONFIG, or ~/.kube/config. */
  kubeconfig: z.string().min(1).optional(),
  context: z.string().min(1).optional(),
});

/** Name of a zone, which stands for another zone in each account, or its id, which does not. */
function release(image: NodeImage): z.ZodString {
  const { form, rule } = NODE_RELEASES[image];
  return z.string().regex(form, rule);
}

const zone = z
  .string()
  .regex(
    /^([a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]+\d-az\d)$/,
    "must be a zone such as eu-central-1a, or its id such as euc1-az1",
  );

const roleArns = z
  .array(z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, "must be the ARN of a role"))
  .refine(...eachOnce("role"));

/** Days that CloudWatch can keep logs. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const cloudWatchDays = z
  .number()
  .refine((days) => LOG_DAYS.includes(days), `must be a period of CloudWatch: ${LOG_DAYS.join(", ")}`);

const ACCOUNT_RULE = "must be the 12 digits of an AWS account, in quotes";

const eksCluster = z.strictObject({
  kind: z.literal("eks"),
  /** Id of the AWS account. The provider refuses every other account. */
  account: z.string(ACCOUNT_RULE).regex(/^\d{12}$/, ACCOUNT_RULE),
  /** Roles that administer the cluster, in addition to the role that creates it. */
  adminRoleArns: roleArns.optional(),
  /** Roles that may read everything in the cluster but Secrets. Default: none. */
  viewerRoleArns: roleArns.optional(),
  /** Two or three availability zones of the region, by name or by id. Default: a, b and c, or others if EKS or the region lacks one of them. */
  zones: z.array(zone).min(2).max(3).optional(),
  /**
   * A NAT gateway in each zone, or one for all zones: cheaper, but its failure cuts all nodes off the internet. With none, nodes and pods
   * reach only `vpcEndpoints`. Default: zone.
   */
  nat: z.enum(["zone", "one", "none"]).optional(),
  /** Services of AWS that the network reaches without the internet. AWS bills each by zone and hour. Default: ecr.api, ecr.dkr and sts; with `nat: none` all that the stack uses. */
  vpcEndpoints: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "must be a service such as secretsmanager or ecr.api"))
    .refine(...eachOnce("service"))
    .optional(),
  /** Releases of the node images, to which `up` moves the nodes. Default: the newest when a pool is created or its Kubernetes changes. */
  nodeReleases: z
    .strictObject({
      bottlerocket: release("bottlerocket").optional(),
      neuron: release("neuron").optional(),
    })
    .optional(),
  /** Versions of EKS add-ons that replace those that belong to the version of Kubernetes. Default: none. */
  addOnVersions: z
    .partialRecord(
      z.enum(EKS_ADD_ONS),
      z
        .string()
        .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/, "must be a version such as v1.14.3-eksbuild.23")
        .optional(),
    )
    .optional(),
  /** Days that CloudWatch keeps the logs of pods. Default: the logs are not collected. */
  podLogDays: cloudWatchDays.optional(),
  /** Days that CloudWatch keeps the logs of the control plane and the flow logs. Default: 365. */
  logDays: cloudWatchDays.optional(),
  ...managed,
  gpuPools: awsGpuPools,
  neuronPools: z.record(nameSchema, neuronPool).prefault({}),
  tpuPools: absent("must be left out: AWS has no TPUs; use neuronPools, or a gke cluster"),
});

const gkeCluster = z.strictObject({
  kind: z.literal("gke"),
  /** Id of the Google Cloud project. */
  project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "must be the id of a Google Cloud project"),
  /** Two or three zones of the region for the nodes. GPU pools have zones of their own. Default: three that Google chooses. */
  zones: z.array(gcpZone).min(2).max(3).optional(),
  /** With none, nodes and pods reach only the APIs of Google. Default: Cloud NAT. */
  nat: z.literal("none").optional(),
  /**
   * Days that Cloud Logging keeps logs, in the bucket `_Default`, which all clusters of the project share. Default: the setting of the
   * project, which is 30 if nobody has changed it.
   */
  logDays: count(1).max(3650).optional(),
  /**
   * Lets the cluster run only images of the stack's registry, GKE's own and `imageSources`. A project has one Binary Authorization policy
   * for all of its clusters, so this replaces it. Default: the policy that the project has applies, and the stack does not touch it.
   */
  binaryAuthorization: z
    .strictObject({
      /** Says that the stack may replace the policy of the project. */
      replaceProjectPolicy: z.literal(
        true,
        "must be true: the policy applies to all clusters of the project; leave binaryAuthorization out to keep the policy that the project has",
      ),
      /** Further images that may run, such as `ghcr.io/external-secrets/**`. */
      imageSources: z
        .array(
          z
            .string()
            .regex(
              /^[a-z0-9.-]+\.[a-z]+(\/[\w.*-]+)*$/,
              "must be a pattern such as ghcr.io/external-secrets/**",
            ),
        )
        .prefault([]),
    })
    .optional(),
  ...managed,
  gpuPools: gcpGpuPools,
  tpuPools: z.record(nameSchema, tpuPool).prefault({}),
  neuronPools: absent("must be left out: Google Cloud has no Neuron chips; use tpuPools, or an eks cluster"),
});

const aksCluster = z.strictObject({
  kind: z.literal("aks"),
  /** Id of the Azure subscription. */
  subscription: z.guid("must be the id of an Azure subscription"),
  /** Id of the Entra tenant. */
  tenant: z.guid("must be the id of an Entra tenant"),
  /** Object ids of the Entra groups whose members administer the cluster. There are no local accounts. */
  adminGroups: z
    .array(
      z.guid(
        "must be the object id of an Entra group: az ad group show --group NAME --query id --output tsv",
      ),
    )
    .min(1)
    .refine(...eachOnce("group")),
  /** Zones over which the nodes are spread; none for a region without zones. Default: those of the region. */
  zones: z
    .array(azureZone)
    .refine(...eachOnce("zone"))
    .optional(),
  nat: absent(
    "must be left out: an AKS cluster without a way out needs a registry before it, and private links of Azure Monitor, which no stack creates",
  ),
  /** Encrypt the disks of nodes at the host, a feature that must be registered in the subscription. Default: true. */
  encryptionAtHost: z.boolean().optional(),
  /** Send the logs of pods to Log Analytics. Default: true. */
  podLogs: z.boolean().optional(),
  /** Days that Log Analytics keeps logs, those of pods too, and that flow logs are kept. Default: 90. */
  logDays: count(30).max(730).optional(),
  /** Keep keys in hardware modules, for 5 USD a key and month. A change replaces the keys. Default: false. */
  hsmKeys: z.boolean().optional(),
  /** Subnets for Azure Bastion and for virtual machines of administrators. Default: false. */
  adminSubnet: z.boolean().optional(),
  ...managed,
  gpuPools: azureGpuPools,
  tpuPools: absent("must be left out: Azure has no TPUs; use gpuPools, or a gke cluster"),
  neuronPools: absent("must be left out: Azure has no Neuron chips; use gpuPools, or an eks cluster"),
});

/** A cluster that a foundation creates. */
export const managedClusterSchema = z.discriminatedUnion("kind", [eksCluster, gkeCluster, aksCluster]);
/** The cluster of a platform: one that exists, or that of its foundation. */
export const clusterSchema = z
  .discriminatedUnion("kind", [existingCluster, eksCluster, gkeCluster, aksCluster])
  .prefault({ kind: "existing" });
export type ManagedClusterConfig = z.infer<typeof managedClusterSchema>;
/** GPU pools of any cloud. */
export type GpuPoolsConfig = Readonly<Record<string, ManagedClusterConfig["gpuPools"][string]>>;
export type ClusterConfig = z.infer<typeof clusterSchema>;
export type EksConfig = z.infer<typeof eksCluster>;
export type GkeConfig = z.infer<typeof gkeCluster>;
export type AksConfig = z.infer<typeof aksCluster>;
