import { z } from "zod";
import { gcpSpotFault, gpuMachineFault, type Cloud } from "../../../components/platform/gpu/gpu-machines.ts";
import { EKS_ADD_ONS } from "../../../components/aws/cluster/eks-add-on-versions.ts";
import { GPU_TYPES, MIG_TYPES } from "../../../components/platform/kubernetes/gpu-types.ts";
import { count, cidrSchema, nameSchema } from "./scalars.ts";

/** Limits of the number of nodes, which follows the load. */
const scale = { min: count(0).optional(), max: count(1) };
const minFitsMax = ({ min = 0, max }: { min?: number | undefined; max: number }): boolean => min <= max;
const MIN_FITS_MAX = { error: "must not be more than max", path: ["min"] };

/** Further machine types of a spot pool. Without spare capacity of one type, AWS takes another. */
const spotMachines = z
  .array(z.string().regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, "must be an instance type such as m7a.2xlarge"))
  .min(1)
  .refine((machines) => new Set(machines).size === machines.length, "must name each machine once")
  .optional();

/** Nodes without GPUs. The component of the cluster has the defaults. */
const nodePoolSchema = z
  .strictObject({
    /** Machine type of the cloud. */
    machine: z.string().min(1).optional(),
    spot: z.boolean().optional(),
    /** EKS only. Default: machines with the same cores and memory. */
    spotMachines,
    ...scale,
    diskGib: count(20).optional(),
  })
  .refine(minFitsMax, MIN_FITS_MAX);

const gpuPool = {
  type: z.enum(GPU_TYPES),
  count: count(1),
  spot: z.boolean().optional(),
  ...scale,
  diskGib: count(50).optional(),
  timeSlicing: count(2).optional(),
  mig: z
    .string()
    .regex(/^\d+g\.\d+gb$/, "must be a profile such as 1g.10gb")
    .optional(),
};

const MAX_RUN_HOURS = 168;

/** Schema of the capacity of a GPU pool, by cloud. An id of another cloud has another form. */
const CAPACITY = {
  aws: z.strictObject({
    /** A reservation of EC2, or a capacity block, which is paid in advance. */
    kind: z.enum(["reservation", "block"]),
    id: z
      .string()
      .regex(/^cr-[0-9a-f]+$/, "must be the id of a capacity reservation, such as cr-0a1b2c3d4e5f60718"),
    /** Zone of the reservation, as `cluster.zones` has it. */
    zone: z.string().min(1),
  }),
  gcp: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("reservation"),
      id: z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "must be the name of a reservation"),
    }),
    z.strictObject({ kind: z.literal("flex-start"), maxRunHours: count(1).max(MAX_RUN_HOURS).optional() }),
  ]),
  azure: z.strictObject({
    kind: z.literal("reservation"),
    id: z
      .string()
      .regex(
        /^\/subscriptions\/.+\/capacityReservationGroups\/[^/]+$/,
        "must be the id of a capacity reservation group",
      ),
  }),
} as const;

/** Schema of the GPU pools of a cloud; `zone` is that of the zones of a pool. Refuses GPUs for which the cloud has no machine. */
function gpuPoolsSchema<Name extends Cloud>(cloud: Name, zone?: z.ZodType<string>) {
  const zones = z
    .array(zone ?? z.string())
    .min(cloud === "gcp" ? 1 : 0)
    .refine(
      () => zone !== undefined,
      "must be left out: the pools of this cloud have the zones of the cluster",
    )
    .refine((given) => new Set(given).size === given.length, "must name each zone once");
  const pool = z
    .strictObject({
      ...gpuPool,
      /** Zones that have the machine, which not every zone has. Default: those of the cluster; on GKE those that are known to have the GPU. */
      zones: zones.optional(),
      /** Reserved capacity, or on GKE capacity for which nodes wait. Default: on demand, or spot. */
      capacity: CAPACITY[cloud].optional(),
      /** EKS only. Default: larger machines with one GPU, if the pool has machines with one. */
      spotMachines,
    })
    .refine(minFitsMax, MIN_FITS_MAX)
    .refine(({ timeSlicing, mig }) => timeSlicing === undefined || mig === undefined, {
      error: "must not have both timeSlicing and mig: keep one",
    })
    .superRefine(({ type, count, spot = false, mig, capacity, min = 0 }, context) => {
      const { kind } = (capacity ?? {}) as { kind?: string };
      const waits = kind === "flex-start";
      if (kind !== undefined && spot)
        context.addIssue({ code: "custom", path: ["spot"], message: "must be left out beside capacity" });
      if (waits && min > 0)
        context.addIssue({
          code: "custom",
          path: ["min"],
          message: "must be 0 with capacity of the kind flex-start, whose nodes end",
        });
      const fault = gpuMachineFault(cloud, type, count);
      if (fault !== undefined)
        context.addIssue({ code: "custom", path: [fault.property], message: fault.rule });
      const spotFault = cloud === "gcp" && !waits ? gcpSpotFault(type, count, spot) : undefined;
      if (fault === undefined && spotFault !== undefined)
        context.addIssue({ code: "custom", path: ["spot"], message: spotFault });
      if (mig !== undefined && !MIG_TYPES.includes(type))
        context.addIssue({
          code: "custom",
          path: ["mig"],
          message: `must be left out for ${type}, which does not split: use timeSlicing, or one of ${MIG_TYPES.join(", ")}`,
        });
    });
  return z.record(nameSchema, pool).prefault({});
}

/** Keys of the managed clusters of all clouds. */
const managed = {
  region: z.string().regex(/^[a-z0-9-]+$/, "must be a region such as eu-central-1"),
  /** Minor version of Kubernetes. Default: the component's. */
  version: z
    .string()
    .regex(/^1\.\d+$/, 'must be a minor version in quotes, such as "1.35"')
    .optional(),
  /**
   * Networks of those who administer. They reach the API server, and on Azure also the registry and the secret store, which elsewhere
   * are reachable by identity alone. A public network opens a public endpoint for itself; a private one is let in to the private
   * endpoint. Default: none, only the network of the cluster.
   */
  adminCidrs: z.array(cidrSchema).prefault([]),
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

/** A pool of AWS Neuron chips. */
const neuronPool = z
  .strictObject({
    /** Instance type of the inf2, trn1 or trn2 family. */
    machine: z.string().regex(/^(inf2|trn1|trn1n|trn2)\.\w+$/, "must be an inf2, trn1 or trn2 instance type"),
    spot: z.boolean().optional(),
    ...scale,
  })
  .refine(minFitsMax, MIN_FITS_MAX);

/** A pool of Google TPUs. */
const tpuPool = z
  .strictObject({
    /** Machine type such as ct5lp-hightpu-4t. */
    machine: z.string().regex(/^ct\w+-hightpu-\d+t$/, "must be a TPU machine type, such as ct5lp-hightpu-4t"),
    /** Arrangement of the chips, such as 2x2. */
    topology: z.string().regex(/^\d+x\d+(x\d+)?$/, "must be a topology such as 2x2"),
    /** Zone of the region with the chips; required for a slice of several nodes. Default: any zone. */
    zone: z
      .string()
      .regex(/^[a-z]+-[a-z]+\d-[a-z]$/, "must be a zone such as europe-west4-b")
      .optional(),
    spot: z.boolean().optional(),
    ...scale,
  })
  .refine(minFitsMax, MIN_FITS_MAX);

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

const gcpZone = z.string().regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, "must be a zone such as europe-west4-a");

/** Name of a zone, which stands for another zone in each account, or its id, which does not. */
const zone = z
  .string()
  .regex(
    /^([a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]+\d-az\d)$/,
    "must be a zone such as eu-central-1a, or its id such as euc1-az1",
  );

const roleArns = z
  .array(z.string().regex(/^arn:aws:iam::\d{12}:role\/\S+$/, "must be the ARN of a role"))
  .refine((arns) => new Set(arns).size === arns.length, "must name each role once");

/** Days that CloudWatch can keep logs. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const eksCluster = z.strictObject({
  kind: z.literal("eks"),
  /** Id of the AWS account. The provider refuses every other account. */
  account: z.string().regex(/^\d{12}$/, "must be the 12 digits of an AWS account, in quotes"),
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
    .refine((services) => new Set(services).size === services.length, "must name each service once")
    .optional(),
  /** Releases of the node images, to which `up` moves the nodes. Default: the newest when a pool is created or its Kubernetes changes. */
  nodeReleases: z
    .strictObject({
      bottlerocket: z
        .string()
        .regex(/^\d+\.\d+\.\d+-[0-9a-f]{8}$/, "must be a version with its build, such as 1.62.0-1b2c3d4e")
        .optional(),
      neuron: z
        .string()
        .regex(/^1\.\d+\.\d+-\d{8}$/, "must be a release such as 1.36.2-20261120")
        .optional(),
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
  podLogDays: z
    .number()
    .refine((days) => LOG_DAYS.includes(days), `must be a period of CloudWatch: ${LOG_DAYS.join(", ")}`)
    .optional(),
  ...managed,
  gpuPools: gpuPoolsSchema("aws"),
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
  gpuPools: gpuPoolsSchema("gcp", gcpZone),
  tpuPools: z.record(nameSchema, tpuPool).prefault({}),
  neuronPools: absent("must be left out: Google Cloud has no Neuron chips; use tpuPools, or an eks cluster"),
});

const azureZone = z.enum(["1", "2", "3"]);

const aksCluster = z.strictObject({
  kind: z.literal("aks"),
  /** Id of the Azure subscription. */
  subscription: z.guid("must be the id of an Azure subscription"),
  /** Id of the Entra tenant. */
  tenant: z.guid("must be the id of an Entra tenant"),
  /** Object ids of the Entra groups whose members administer the cluster. There are no local accounts. */
  adminGroups: z.array(z.guid()).min(1),
  /** Zones over which the nodes are spread; none for a region without zones. Default: those of the region. */
  zones: z
    .array(azureZone)
    .refine((zones) => new Set(zones).size === zones.length, "must name each zone once")
    .optional(),
  nat: absent(
    "must be left out: an AKS cluster without a way out needs a registry before it, and private links of Azure Monitor, which no stack creates",
  ),
  /** Encrypt the disks of nodes at the host, a feature that must be registered in the subscription. Default: true. */
  encryptionAtHost: z.boolean().optional(),
  /** Send the logs of pods to Log Analytics. Default: true. */
  podLogs: z.boolean().optional(),
  /** Keep keys in hardware modules, for 5 USD a key and month. A change replaces the keys. Default: false. */
  hsmKeys: z.boolean().optional(),
  /** Subnets for Azure Bastion and for virtual machines of administrators. Default: false. */
  adminSubnet: z.boolean().optional(),
  ...managed,
  gpuPools: gpuPoolsSchema("azure", azureZone),
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
export type ClusterConfig = z.infer<typeof clusterSchema>;
export type EksConfig = z.infer<typeof eksCluster>;
export type GkeConfig = z.infer<typeof gkeCluster>;
export type AksConfig = z.infer<typeof aksCluster>;
