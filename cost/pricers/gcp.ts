import type { Bill, Charge, PricingContext, Pricers, Unpriced } from "../estimate/charge.ts";
import { times } from "../estimate/cost-range.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { NotPriced } from "../estimate/not-priced.ts";
import { cores, gib } from "../estimate/quantity.ts";
import { keyVersions } from "./key-versions.ts";
import { controlPlane } from "./control-plane.ts";
import { gkeAutoProvisioning } from "./provisioned-nodes.ts";
import { charge, fixed, nothing, poolSize, singleCharge, usagePriced } from "./simple.ts";

/** Returns the number of zones of a pool: its own zones, or those of its cluster; three for a region. */
function zones(pool: InputReader, { related }: PricingContext): number {
  const own = pool.list("nodeLocations").length;
  if (own > 0) return own;
  const cluster = related("gcp:container/cluster:Cluster", "cluster", "cluster");
  if (cluster === undefined) return 3;
  return /-[a-z]$/.test(cluster.string("location") ?? "") ? 1 : cluster.list("nodeLocations").length || 3;
}

/** Returns the GPUs that are attached to an N1 machine. The price of other machines includes their GPUs. */
function attachedGpus(config: InputReader, machine: string): { sku: string; count: number }[] {
  return config.list("guestAccelerators").flatMap((accelerator) => {
    const count = accelerator.number("count") ?? 1;
    return machine.startsWith("n1-") ? [{ sku: accelerator.required("type"), count }] : [];
  });
}

function nodePool(inputs: InputReader, context: PricingContext): Bill {
  const machine = inputs.string("nodeConfig.machineType") ?? "e2-medium";
  const spot = inputs.boolean("nodeConfig.spot") ?? inputs.boolean("nodeConfig.preemptible") ?? false;
  const perZone = (path: string): number | undefined => {
    const count = inputs.number(path);
    return count === undefined ? undefined : count * zones(inputs, context);
  };
  const start = perZone("nodeCount") ?? perZone("initialNodeCount");
  const scaled = inputs.has("autoscaling");
  const min = scaled
    ? (inputs.number("autoscaling.totalMinNodeCount") ?? perZone("autoscaling.minNodeCount") ?? 0)
    : (start ?? 0);
  const max = scaled
    ? (inputs.number("autoscaling.totalMaxNodeCount") ?? perZone("autoscaling.maxNodeCount") ?? min)
    : min;
  // An autoscaled pool shrinks to its minimum, so its initial size is not the expected size for a month.
  const nodes = poolSize(context, { min, start: scaled ? undefined : start, max });
  const gpus = attachedGpus(inputs.nested("nodeConfig"), machine);
  const attached = gpus.reduce((sum, { count }) => sum + count, 0);
  const name = context.resource.name;
  const charges: Charge[] = [
    {
      what: "nodes",
      sku: machine,
      quantity: nodes,
      spot,
      pool: { name, ...(attached > 0 ? { gpus: attached } : {}) },
    },
    ...gpus.map(({ sku, count }) => ({
      what: "GPUs of nodes",
      sku,
      quantity: times(nodes, count),
      spot,
      pool: { name, gpus: attached },
    })),
    {
      what: "disks of nodes",
      sku: inputs.string("nodeConfig.diskType") ?? "pd-balanced",
      quantity: times(nodes, inputs.number("nodeConfig.diskSizeGb") ?? 100),
    },
  ];
  return { charges };
}

function keptWarm(instances: number, cpu: number, memoryGib: number, idle: boolean): Bill {
  const usage = { why: "usage priced" as const, detail: "requests and the instances that they start" };
  const kind = idle ? "idle" : "always";
  return {
    charges: [
      charge("vCPUs kept warm", `run-cpu-${kind}`, instances * cpu),
      charge("memory kept warm", `run-memory-${kind}`, instances * memoryGib),
    ].filter(({ quantity }) => quantity.max > 0),
    unpriced: [usage],
  };
}

const forwardingRule: Pricers[string] = (inputs, { usage }) => ({
  charges: [
    charge("forwarding rule", "forwarding-rule"),
    ...((inputs.string("loadBalancingScheme") ?? "EXTERNAL").startsWith("EXTERNAL")
      ? [charge("data", "load-balancer-gib", usage.loadBalancerGib)]
      : []),
  ],
});

const address: Pricers[string] = (inputs) =>
  inputs.string("addressType") === "INTERNAL" ? nothing : singleCharge("external IP address", "external-ip");

const DAY_SECONDS = 86_400;

/** Returns the charges for logs and metrics that a cluster sends to Google. Those of Google's own components are free. */
function clusterObservability(inputs: InputReader, { usage }: PricingContext): Charge[] {
  const components = (path: string): string[] => inputs.list(path).flatMap((entry) => entry.string("") ?? []);
  const logs = components("loggingConfig.enableComponents");
  const metrics = components("monitoringConfig.enableComponents");
  const written =
    (logs.includes("APISERVER") ? usage.auditLogGib : 0) + (logs.includes("WORKLOADS") ? usage.logGib : 0);
  return [
    ...(written === 0 ? [] : [charge("logs written", "logging", written)]),
    ...(metrics.some((component) => component !== "SYSTEM_COMPONENTS")
      ? [charge("metric samples", "prometheus-samples", usage.metricSamplesMillion)]
      : []),
  ];
}

/** Days for which Cloud Logging keeps logs without a charge. */
const FREE_LOG_DAYS = 30;

/** Prices a log bucket. What `_Default` gets is priced with the cluster and the network that write it: only its storage is charged here. */
const logBucket: Pricers[string] = (inputs, { usage }) => {
  if (inputs.string("bucketId") !== "_Default") return singleCharge("logs written", "logging", usage.logGib);
  const months = ((inputs.number("retentionDays") ?? FREE_LOG_DAYS) - FREE_LOG_DAYS) / 30;
  const writtenGib = usage.logGib + usage.auditLogGib + usage.flowLogGib;
  return months > 0 ? singleCharge("logs kept", "log-storage", months * writtenGib) : nothing;
};

/** Prices a Cloud Armor policy and its rules by month; the rule for everybody else is free. Requests depend on use. */
const securityPolicy: Pricers[string] = (inputs) => ({
  charges: [
    charge("policy", "armor-policy"),
    charge("rules", "armor-rule", Math.max(0, inputs.list("rules").length - 1)),
  ],
  unpriced: [{ why: "usage priced", detail: "requests that the policy inspects" }],
});

/** Pricers of Google Cloud resources, for the inputs of @pulumi/gcp 9. */
export const GCP_PRICERS: Pricers = {
  "gcp:container/cluster:Cluster": (inputs, context) => {
    const plane = controlPlane(inputs, context, {
      skus: ["gke-cluster", "gke-cluster-extended"],
      staysBehind: inputs.string("releaseChannel.channel") === "EXTENDED",
      otherwise: "Google upgrades it, so the standard rate is used",
    });
    plane.charges.push(...clusterObservability(inputs, context));
    const provisioned = gkeAutoProvisioning(inputs, context);
    plane.charges.push(...provisioned.charges);
    plane.notes?.push(...(provisioned.notes ?? []));
    if (inputs.boolean("enableAutopilot") === true)
      return {
        ...plane,
        unpriced: [{ why: "usage priced", detail: "Autopilot bills the requests of pods" }],
      };
    if (inputs.boolean("removeDefaultNodePool") === true || !inputs.has("initialNodeCount")) return plane;
    return { ...plane, charges: [...plane.charges, ...nodePool(inputs, context).charges] };
  },
  "gcp:container/nodePool:NodePool": nodePool,
  // The gateway is billed per hour and VM, up to 32 VMs; the table has this highest price.
  "gcp:compute/routerNat:RouterNat": (_, { usage }) => ({
    charges: [charge("gateway", "nat-gateway"), charge("data", "nat-gateway-gib", usage.natGib)],
  }),
  "gcp:compute/subnetwork:Subnetwork": (inputs, { usage }) =>
    inputs.has("logConfig") ? singleCharge("flow logs written", "network-logs", usage.flowLogGib) : nothing,
  "gcp:compute/address:Address": address,
  "gcp:compute/globalAddress:GlobalAddress": address,
  "gcp:compute/securityPolicy:SecurityPolicy": securityPolicy,
  "gcp:compute/forwardingRule:ForwardingRule": forwardingRule,
  "gcp:compute/globalForwardingRule:GlobalForwardingRule": forwardingRule,
  "gcp:compute/disk:Disk": (inputs) => {
    const size = inputs.number("size");
    if (size === undefined) throw new NotPriced("unknown value", "size is that of its image or snapshot");
    return {
      ...singleCharge("disk", inputs.string("type") ?? "pd-standard", size),
      unpriced: ["provisionedIops", "provisionedThroughput"]
        .filter((setting) => inputs.has(setting))
        .map((setting) => ({ why: "unknown sku", detail: `${setting} above the disk's baseline` })),
    };
  },
  "gcp:kms/cryptoKey:CryptoKey": (inputs) => {
    const seconds = /^(\d+(?:\.\d+)?)s$/.exec(inputs.string("rotationPeriod") ?? "")?.[1];
    const isHsm = inputs.string("versionTemplate.protectionLevel") === "HSM";
    const quantity = keyVersions(seconds === undefined ? undefined : Number(seconds) / DAY_SECONDS);
    return { charges: [{ what: "key versions", sku: isHsm ? "kms-key-hsm" : "kms-key", quantity }] };
  },
  "gcp:artifactregistry/repository:Repository": (inputs, { usage }) =>
    singleCharge(
      "images",
      "artifact-registry",
      inputs.string("mode") === "REMOTE_REPOSITORY" ? usage.repositoryGib : usage.registryGib,
    ),
  "gcp:storage/bucket:Bucket": (_, { usage }) => singleCharge("data", "gcs-standard", usage.objectStorageGib),
  "gcp:redis/instance:Instance": (inputs) => {
    const size = inputs.number("memorySizeGb") ?? 0;
    const step = size <= 4 ? 1 : size <= 10 ? 2 : size <= 35 ? 3 : size <= 100 ? 4 : 5;
    const standard = inputs.string("tier") === "STANDARD_HA";
    // The price of the standard tier includes one replica.
    const copies = standard ? (1 + Math.max(1, inputs.number("replicaCount") ?? 1)) / 2 : 1;
    return singleCharge("memory", `redis-${standard ? "standard" : "basic"}-m${step}`, size * copies);
  },
  "gcp:memorystore/instance:Instance": (inputs) => {
    const copies = (inputs.number("shardCount") ?? 1) * (1 + (inputs.number("replicaCount") ?? 0));
    return singleCharge("nodes", `memorystore-${inputs.string("nodeType") ?? "HIGHMEM_MEDIUM"}`, copies);
  },
  "gcp:sql/databaseInstance:DatabaseInstance": (inputs) => {
    const tier = inputs.required("settings.tier");
    const copies = inputs.string("settings.availabilityType") === "REGIONAL" ? 2 : 1;
    const diskType = inputs.string("settings.diskType") ?? "PD_SSD";
    const diskSku = diskType === "PD_SSD" ? "sql-ssd" : `sql-${diskType.toLowerCase().replaceAll("_", "-")}`;
    const disk = charge("disk", diskSku, copies * (inputs.number("settings.diskSize") ?? 10));
    const unpriced: Unpriced[] = (inputs.string("databaseVersion") ?? "").startsWith("SQLSERVER")
      ? [{ why: "unknown sku", detail: "the licence of SQL Server" }]
      : [];
    const custom = /^db-custom-(\d+)-(\d+)$/.exec(tier);
    if (custom === null) return { charges: [charge("instance", tier, copies), disk], unpriced };
    return {
      unpriced,
      charges: [
        charge("vCPUs", "sql-cpu", copies * Number(custom[1])),
        charge("memory", "sql-memory", (copies * Number(custom[2])) / 1024),
        disk,
      ],
    };
  },
  "gcp:secretmanager/secret:Secret": fixed("secret version", "secret"),
  "gcp:secretmanager/regionalSecret:RegionalSecret": fixed("secret version", "secret"),
  "gcp:dns/managedZone:ManagedZone": fixed("zone", "dns-zone"),
  "gcp:logging/projectBucketConfig:ProjectBucketConfig": logBucket,
  "gcp:cloudrunv2/service:Service": (inputs) => {
    const count =
      inputs.number("template.scaling.minInstanceCount") ?? inputs.number("scaling.minInstanceCount") ?? 0;
    const [container] = inputs.list("template.containers");
    return keptWarm(
      count,
      cores(container?.string("resources.limits.cpu"), 1),
      gib(container?.string("resources.limits.memory"), 0.5),
      container?.boolean("resources.cpuIdle") ?? true,
    );
  },
  "gcp:cloudfunctionsv2/function:Function": (inputs) => {
    const memory = gib(inputs.string("serviceConfig.availableMemory"), 0.25);
    const cpu = cores(inputs.string("serviceConfig.availableCpu"), 1);
    return keptWarm(inputs.number("serviceConfig.minInstanceCount") ?? 0, cpu, memory, true);
  },
  "gcp:gkebackup/backupPlan:BackupPlan": usagePriced("pods in backups by the month, and backups by GiB"),
  "gcp:pubsub/topic:Topic": usagePriced("published messages"),
  "gcp:pubsub/subscription:Subscription": usagePriced("delivered messages"),
  "gcp:vertex/aiEndpoint:AiEndpoint": usagePriced(
    "machines of its deployed models, which are not in the plan",
  ),
};
