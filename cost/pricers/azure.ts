import type { Bill, Charge, PricingContext, Pricers } from "../estimate/charge.ts";
import { times } from "../estimate/cost-range.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { NotPriced } from "../estimate/not-priced.ts";
import { pastSupport } from "./control-plane.ts";
import { charge, fixed, nothing, poolSize, singleCharge } from "./simple.ts";

/** Returns the charges for the nodes of an agent pool, which is a separate resource or a profile in its cluster. */
function agentPool(inputs: InputReader, context: PricingContext, name?: string): Charge[] {
  const machine = inputs.required("vmSize");
  const count = inputs.number("count");
  const scaled = inputs.boolean("enableAutoScaling") === true;
  const min = scaled ? (inputs.number("minCount") ?? 0) : (count ?? 1);
  const max = scaled ? (inputs.number("maxCount") ?? min) : min;
  const pool = name ?? context.resource.name;
  const nodes = poolSize(context, { min, start: scaled ? undefined : count, max }, pool);
  const spot = inputs.string("scaleSetPriority") === "Spot";
  // An ephemeral disk uses the local disk of the machine.
  const disk = inputs.string("osDiskType") === "Ephemeral" ? 0 : (inputs.number("osDiskSizeGB") ?? 128);
  return [
    { what: "nodes", sku: machine, quantity: nodes, spot, pool: { name: pool } },
    ...(disk === 0 ? [] : [{ what: "disks of nodes", sku: "premium-ssd", quantity: times(nodes, disk) }]),
  ];
}

const privateZone = fixed("zone", "private-dns-zone");

/** Returns the SKU of a cache: `Premium` with family P and capacity 1 is `Premium_P1`. */
function redisSku(inputs: InputReader): string {
  return `${inputs.required("sku.name")}_${inputs.required("sku.family")}${inputs.number("sku.capacity") ?? 1}`;
}

function premiumPlan(inputs: InputReader): Bill {
  const sku = inputs.required("sku.name");
  if (sku === "Y1" || sku === "FC1")
    return { charges: [], unpriced: [{ why: "usage priced", detail: "executions and their duration" }] };
  return singleCharge("instances", `plan-${sku}`, inputs.number("sku.capacity") ?? 1);
}

/** Returns whether a template creates resources. One that only adds settings to what Azure has of a resource, as `enableGatewayApi` does, creates none. */
function createsResources(template: InputReader): boolean {
  return template
    .list("resources")
    .some((resource) =>
      resource.known("type") === "Microsoft.Resources/deployments"
        ? createsResources(resource.nested("properties.template"))
        : !String(resource.known("properties")).startsWith("[union(parameters("),
    );
}

/** Prices the collection of flow logs, and traffic analytics if it is on. The storage account has a price of its own. */
const flowLog: Pricers[string] = (inputs, { usage }) => {
  const analytics = inputs.nested("flowAnalyticsConfiguration.networkWatcherFlowAnalyticsConfiguration");
  const every = analytics.number("trafficAnalyticsInterval") ?? 60;
  return {
    charges: [
      charge("flow logs collected", "network-logs", usage.flowLogGib),
      ...(analytics.boolean("enabled") === true
        ? [
            charge(
              "flow logs analysed",
              every === 10 ? "traffic-analytics-10-minutes" : "traffic-analytics",
              usage.flowLogGib,
            ),
          ]
        : []),
    ],
  };
};

/** SKUs of the price table by disk kind; other kinds are not in the table. */
const DISKS: Readonly<Record<string, string>> = {
  Premium_LRS: "premium-ssd",
  StandardSSD_LRS: "standard-ssd",
};

/** Pricers of Azure resources, for the inputs of @pulumi/azure-native 3. */
export const AZURE_PRICERS: Pricers = {
  "azure-native:containerservice:ManagedCluster": (inputs, context) => {
    const tier = inputs.string("sku.tier") ?? "Free";
    const profiles = inputs.list("agentPoolProfiles");
    const late = pastSupport(inputs, context);
    const hasLongTermSupport = inputs.string("supportPlan") === "AKSLongTermSupport";
    return {
      // The price of the Premium tier includes long-term support.
      notes:
        late === undefined || hasLongTermSupport
          ? []
          : [`${late}: Azure no longer supports it without long-term support`],
      charges: [
        ...(tier === "Free" ? [] : [charge("control plane", `aks-${tier.toLowerCase()}`)]),
        ...profiles.flatMap((profile) =>
          agentPool(profile, context, `${context.resource.name}/${profile.string("name") ?? "pool"}`),
        ),
      ],
    };
  },
  "azure-native:containerservice:AgentPool": (inputs, context) => ({ charges: agentPool(inputs, context) }),
  "azure-native:network:NatGateway": (_, { usage }) => ({
    charges: [charge("gateway", "nat-gateway"), charge("data", "nat-gateway-gib", usage.natGib)],
  }),
  "azure-native:network:PublicIPAddress": fixed("public IP address", "public-ip"),
  "azure-native:network:LoadBalancer": (_, { usage }) => ({
    charges: [
      charge("load balancer", "load-balancer"),
      charge("data", "load-balancer-gib", usage.loadBalancerGib),
    ],
  }),
  "azure-native:network:PrivateEndpoint": (_, { usage }) => ({
    charges: [
      charge("endpoint", "private-endpoint"),
      charge("data", "private-endpoint-gib", usage.endpointGib),
    ],
  }),
  "azure-native:network:FlowLog": flowLog,
  "azure-native:network:PrivateZone": privateZone,
  "azure-native:privatedns:PrivateZone": privateZone,
  "azure-native:network:Zone": fixed("zone", "dns-zone"),
  "azure-native:dns:Zone": fixed("zone", "dns-zone"),
  // Software keys cost only their operations, 0.03 USD for 10,000.
  "azure-native:keyvault:Key": (inputs) => {
    const type = inputs.string("properties.kty") ?? "RSA";
    if (!type.endsWith("-HSM")) return nothing;
    // The lower price is for RSA keys of 2048 bits alone. The higher one falls after 250 keys.
    const basic = type === "RSA-HSM" && (inputs.number("properties.keySize") ?? 2048) === 2048;
    return singleCharge("key", basic ? "key-vault-hsm-key" : "key-vault-hsm-key-advanced");
  },
  "azure-native:containerregistry:Registry": (inputs) =>
    singleCharge("registry", `acr-${inputs.required("sku.name").toLowerCase()}`),
  "azure-native:containerregistry:Replication": fixed("replica", "acr-premium"),
  "azure-native:storage:StorageAccount": (inputs, { usage }) =>
    singleCharge("data", `blob-hot-${inputs.required("sku.name")}`, usage.objectStorageGib),
  "azure-native:redis:Redis": (inputs) => {
    const copies =
      (inputs.number("shardCount") ?? 1) *
      (1 + Math.max(0, (inputs.number("replicasPerPrimary") ?? 1) - 1) / 2);
    return singleCharge("nodes", redisSku(inputs), copies);
  },
  "azure-native:redisenterprise:RedisEnterprise": (inputs) => {
    // The prices are for two nodes. Without high availability there is one node.
    const copies = inputs.string("highAvailability") === "Disabled" ? 0.5 : 1;
    return singleCharge("nodes", inputs.required("sku.name"), copies);
  },
  "azure-native:dbforpostgresql:Server": (inputs) => {
    const type = inputs.string("storage.type") ?? "Premium_LRS";
    const disk = type === "Premium_LRS" ? "postgresql-storage" : `postgresql-storage-${type}`;
    const copies = ["ZoneRedundant", "SameZone"].includes(inputs.string("highAvailability.mode") ?? "")
      ? 2
      : 1;
    return {
      charges: [
        charge("server", `postgresql-${inputs.required("sku.name")}`, copies),
        charge("disk", disk, copies * (inputs.number("storage.storageSizeGB") ?? 32)),
      ],
      unpriced: ["storage.iops", "storage.throughput", "storage.tier"]
        .filter((setting) => inputs.has(setting))
        .map((setting) => ({
          why: "unknown sku",
          detail: `${setting} above the baseline of the storage size`,
        })),
    };
  },
  "azure-native:operationalinsights:Workspace": (_, { usage }) =>
    singleCharge("logs written", "log-analytics", usage.logGib),
  "azure-native:monitor:DataCollectionRule": (_, { usage }) =>
    singleCharge("logs of pods", "log-analytics", usage.logGib),
  "azure-native:machinelearningservices:OnlineDeployment": (inputs) =>
    singleCharge("instances", inputs.required("properties.instanceType"), inputs.number("sku.capacity") ?? 1),
  "azure-native:web:AppServicePlan": premiumPlan,
  "azure-native:web:WebApp": () => nothing, // its plan has the price
  // A deployment without resources is free; Aks reads the kubeconfig with one.
  "azure-native:resources:Deployment": (inputs) => {
    if (!inputs.has("properties.template") || createsResources(inputs.nested("properties.template")))
      throw new NotPriced("unknown type", "the resources of its template are not priced");
    return nothing;
  },
  "azure-native:compute:Disk": (inputs) => {
    const size = inputs.number("diskSizeGB");
    if (size === undefined) throw new NotPriced("unknown value", "diskSizeGB is that of its source");
    const kind = inputs.required("sku.name");
    return {
      ...singleCharge("disk", DISKS[kind] ?? `disk-${kind}`, size),
      unpriced: ["tier", "burstingEnabled", "diskIOPSReadWrite", "diskMBpsReadWrite"]
        .filter((setting) => inputs.has(setting) && inputs.known(setting) !== false)
        .map((setting) => ({ why: "unknown sku", detail: `${setting} above the baseline of the disk size` })),
    };
  },
};
