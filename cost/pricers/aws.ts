import type { Bill, Charge, PricingContext, Pricers } from "../estimate/charge.ts";
import { always, type CostRange } from "../estimate/cost-range.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { NotPriced } from "../estimate/not-priced.ts";
import { controlPlane } from "./control-plane.ts";
import { keyVersions } from "./key-versions.ts";
import { ebsCharges, type EbsVolume } from "./ebs.ts";
import { rdsInstance } from "./rds.ts";
import { charge, fixed, nothing, poolSize, singleCharge, usagePriced } from "./simple.ts";

const bucket: Pricers[string] = (_, { usage }) => singleCharge("data", "s3-standard", usage.objectStorageGib);

const loadBalancer: Pricers[string] = (inputs, { usage }) => {
  const kind = inputs.string("loadBalancerType") === "network" ? "nlb" : "alb";
  const addresses = inputs.boolean("internal") === true ? 0 : inputs.list("subnets").length;
  // A capacity unit covers 1 GB per hour. Assumes that new connections and rules need no further units.
  return {
    charges: [
      charge("load balancer", kind),
      charge("data", `${kind}-gib`, usage.loadBalancerGib),
      ...(addresses === 0 ? [] : [charge("public IPv4 addresses", "public-ipv4", addresses)]),
    ],
  };
};

/** Prices a web ACL and its rules by month. Requests depend on use. */
const webAcl: Pricers[string] = (inputs) => ({
  charges: [charge("web ACL", "waf-acl"), charge("rules", "waf-rule", inputs.list("rules").length)],
  unpriced: [{ why: "usage priced", detail: "requests that the web ACL inspects" }],
});

/** Size of a disk whose size the node image decides, in GiB: that of Bottlerocket's root. A plan does not contain it. */
const IMAGE_DISK_GIB = 4;

/** Returns the volumes that a launch template gives to each machine. A volume without a type counts as gp3. */
function templateVolumes(template: InputReader): EbsVolume[] {
  return template.list("blockDeviceMappings").map((device) => ({
    type: device.string("ebs.volumeType") ?? "gp3",
    sizeGib: device.number("ebs.volumeSize") ?? (device.has("ebs") ? IMAGE_DISK_GIB : 0),
    iops: device.number("ebs.iops"),
    throughput: device.number("ebs.throughput"),
  }));
}

/**
 * Returns the charges for the disks and the detailed monitoring of a node group, from its launch template or, without one, from the
 * group.
 */
function nodeExtras(inputs: InputReader, context: PricingContext, nodes: CostRange): Bill {
  const own: EbsVolume = { type: "gp3", sizeGib: inputs.number("diskSize") ?? 20 };
  const what = "disks of nodes";
  if (!inputs.has("launchTemplate")) return { charges: ebsCharges(what, [own], nodes) };
  try {
    const template = context.related(
      "aws:ec2/launchTemplate:LaunchTemplate",
      "launchTemplate",
      "launchTemplate.id",
      "launchTemplate.name",
    );
    if (template === undefined) throw new NotPriced("unknown value", "launchTemplate is not in the plan");
    const volumes = templateVolumes(template).filter(({ sizeGib }) => sizeGib > 0);
    const monitoring = { what: "detailed monitoring", sku: "ec2-detailed-monitoring", quantity: nodes };
    return {
      charges: [
        ...ebsCharges(what, volumes.length > 0 ? volumes : [own], nodes),
        ...(template.boolean("monitoring.enabled") === true ? [monitoring] : []),
      ],
    };
  } catch (error) {
    if (!(error instanceof NotPriced)) throw error;
    return { charges: [], unpriced: [{ why: error.why, detail: `${what}: ${error.message}` }] };
  }
}

/** Prices flow logs by the data written. Logs in a log group are free here, because the log group has the price. */
const flowLog: Pricers[string] = (inputs, context) => {
  const destination = inputs.string("logDestinationType") ?? "cloud-watch-logs";
  if (destination === "cloud-watch-logs") return nothing;
  if (destination === "s3")
    return singleCharge("flow logs written", "flow-logs-s3", context.usage.flowLogGib);
  return usagePriced("data that the delivery stream receives")(inputs, context);
};

/** Log group of a control plane of EKS. @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
const CONTROL_PLANE_LOG = /^\/aws\/eks\/[^/]+\/cluster$/;

/** Pricers of AWS resources, for the inputs of @pulumi/aws 7. */
export const AWS_PRICERS: Pricers = {
  "aws:eks/cluster:Cluster": (inputs, context) => {
    const isUpgraded = inputs.string("upgradePolicy.supportType") === "STANDARD";
    const tier = inputs.string("controlPlaneScalingConfig.tier") ?? "standard";
    return {
      ...controlPlane(inputs, context, {
        skus: ["eks-cluster", "eks-cluster-extended"],
        staysBehind: !isUpgraded,
        otherwise: "AWS upgrades it, so the standard rate is used",
      }),
      unpriced: [
        ...(inputs.boolean("computeConfig.enabled") === true
          ? [{ why: "usage priced" as const, detail: "Auto Mode starts nodes when pods need them" }]
          : []),
        ...(tier === "standard"
          ? []
          : [{ why: "unknown sku" as const, detail: `control plane of the tier ${tier}` }]),
      ],
    };
  },
  "aws:eks/nodeGroup:NodeGroup": (inputs, context) => {
    if (inputs.string("capacityType") === "CAPACITY_BLOCK")
      return {
        charges: [],
        unpriced: [{ why: "usage priced", detail: "a capacity block, which is paid when it is bought" }],
      };
    const [first] = inputs.list("instanceTypes");
    const machine = first === undefined ? "t3.medium" : first.required("");
    const min = inputs.number("scalingConfig.minSize") ?? 0;
    const nodes = poolSize(context, {
      min,
      start: inputs.number("scalingConfig.desiredSize"),
      max: inputs.number("scalingConfig.maxSize") ?? min,
    });
    const spot = inputs.string("capacityType") === "SPOT";
    const pool = { name: context.resource.name };
    const extras = nodeExtras(inputs, context, nodes);
    return {
      ...extras,
      charges: [{ what: "nodes", sku: machine, quantity: nodes, spot, pool }, ...extras.charges],
    };
  },
  "aws:eks/fargateProfile:FargateProfile": usagePriced("Fargate bills pods by vCPU and memory"),
  "aws:ebs/volume:Volume": (inputs) => {
    const sizeGib = inputs.number("size");
    if (sizeGib === undefined) throw new NotPriced("unknown value", "size is that of the snapshot");
    const type = inputs.string("type") ?? "gp2";
    const [iops, throughput] = [inputs.number("iops"), inputs.number("throughput")];
    return {
      charges: ebsCharges("disk", [{ type, sizeGib, iops, throughput }], always(1)),
      unpriced: type === "standard" ? [{ why: "usage priced", detail: "requests to a magnetic volume" }] : [],
    };
  },
  "aws:ec2/natGateway:NatGateway": (_, { usage }) => ({
    charges: [charge("gateway", "nat-gateway"), charge("data", "nat-gateway-gib", usage.natGib)],
  }),
  "aws:ec2/eip:Eip": fixed("public IPv4 address", "public-ipv4"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (inputs, { usage }) => {
    if ((inputs.string("vpcEndpointType") ?? "Gateway") === "Gateway") return nothing;
    const zones = Math.max(1, inputs.list("subnetIds").length);
    return {
      charges: [
        charge("endpoint", "vpc-endpoint", zones),
        charge("data", "vpc-endpoint-gib", usage.endpointGib),
      ],
    };
  },
  "aws:ec2/flowLog:FlowLog": flowLog,
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:alb/loadBalancer:LoadBalancer": loadBalancer,
  "aws:wafv2/webAcl:WebAcl": webAcl,
  // AWS bills at most two rotations of a key.
  "aws:kms/key:Key": (inputs) => {
    const rotates = inputs.boolean("enableKeyRotation") === true;
    const days = rotates ? (inputs.number("rotationPeriodInDays") ?? 365) : undefined;
    return { charges: [{ what: "key versions", sku: "kms-key", quantity: keyVersions(days, 3) }] };
  },
  "aws:ecr/repository:Repository": (_, { usage }) => singleCharge("images", "ecr", usage.repositoryGib),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:elasticache/replicationGroup:ReplicationGroup": (inputs) => {
    const shards = inputs.number("numNodeGroups") ?? 1;
    const nodes =
      inputs.number("numCacheClusters") ?? shards * (1 + (inputs.number("replicasPerNodeGroup") ?? 0));
    // The table has the price of Redis OSS. Valkey costs a fifth less.
    const factor = inputs.string("engine") === "valkey" ? 0.8 : undefined;
    return { charges: [charge("nodes", inputs.required("nodeType"), nodes, factor)] };
  },
  "aws:elasticache/cluster:Cluster": (inputs) =>
    singleCharge("nodes", inputs.required("nodeType"), inputs.number("numCacheNodes") ?? 1),
  "aws:backup/vault:Vault": usagePriced("backups by GiB and month, and their copies between regions"),
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": usagePriced(
    "images and artifacts in the other region, and their copies between regions",
  ),
  "aws:elasticache/serverlessCache:ServerlessCache": usagePriced("billed by data and requests"),
  "aws:rds/instance:Instance": rdsInstance,
  "aws:secretsmanager/secret:Secret": fixed("secret", "secret"),
  "aws:route53/zone:Zone": fixed("zone", "hosted-zone"),
  "aws:cloudwatch/logGroup:LogGroup": (inputs, { usage }) => {
    const isControlPlane = CONTROL_PLANE_LOG.test(inputs.string("name") ?? "");
    return singleCharge("logs written", "cloudwatch-logs", isControlPlane ? usage.auditLogGib : usage.logGib);
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": fixed("alarm", "metric-alarm"),
  "aws:lambda/function:Function": usagePriced(
    "requests and their duration; provisioned concurrency is priced separately",
  ),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (inputs, { related }) => {
    const lambda = related("aws:lambda/function:Function", "functionName", "functionName");
    const memoryMib = lambda?.number("memorySize") ?? 128;
    const gib = ((inputs.number("provisionedConcurrentExecutions") ?? 0) * memoryMib) / 1024;
    return singleCharge("provisioned concurrency", "lambda-provisioned-gib", gib);
  },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (inputs) => {
    const charges: Charge[] = [];
    for (const variant of [
      ...inputs.list("productionVariants"),
      ...inputs.list("shadowProductionVariants"),
    ]) {
      if (variant.has("serverlessConfig")) continue;
      charges.push(
        charge("instances", variant.required("instanceType"), variant.number("initialInstanceCount") ?? 1),
      );
    }
    return { charges };
  },
};
