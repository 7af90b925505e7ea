import type { Charge, Pricers } from "../estimate/charge.ts";
import { times } from "../estimate/cost-range.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import { charge, fixed, nothing, one, poolSize, usagePriced } from "./simple.ts";

const bucket: Pricers[string] = (_, { usage }) => one("data", "s3-standard", usage.objectStorageGib);

const loadBalancer: Pricers[string] = (inputs, { usage }) => {
  const kind = inputs.string("loadBalancerType") === "network" ? "nlb" : "alb";
  // A capacity unit carries 1 GB an hour; new connections and rules are taken to stay below that.
  return { charges: [charge("load balancer", kind), charge("data", `${kind}-gib`, usage.loadBalancerGib)] };
};

/** GiB of the volumes of a launch template. */
function templateDisk(template: InputReader): number {
  return template
    .list("blockDeviceMappings")
    .reduce((sum, device) => sum + (device.number("ebs.volumeSize") ?? 0), 0);
}

/** Paid for by what is written, and in a log group there: the group is priced. */
const flowLog: Pricers[string] = (inputs, context) => {
  const destination = inputs.string("logDestinationType") ?? "cloud-watch-logs";
  if (destination === "cloud-watch-logs") return nothing;
  if (destination === "s3") return one("flow logs written", "flow-logs-s3", context.usage.flowLogGib);
  return usagePriced("what the delivery stream takes in")(inputs, context);
};

/** What of AWS costs, and how it follows from the inputs of @pulumi/aws 7. */
export const AWS_PRICERS: Pricers = {
  "aws:eks/cluster:Cluster": (inputs, { usage }) => ({
    charges: [charge("control plane", usage.extendedSupport ? "eks-cluster-extended" : "eks-cluster")],
    unpriced:
      inputs.boolean("computeConfig.enabled") === true
        ? [{ why: "usage priced", detail: "Auto Mode starts nodes as pods need them" }]
        : [],
  }),
  "aws:eks/nodeGroup:NodeGroup": (inputs, context) => {
    const [first] = inputs.list("instanceTypes");
    const machine = first === undefined ? "t3.medium" : first.required("");
    const min = inputs.number("scalingConfig.minSize") ?? 0;
    const nodes = poolSize(context, {
      min,
      start: inputs.number("scalingConfig.desiredSize"),
      max: inputs.number("scalingConfig.maxSize") ?? min,
    });
    const [template] = context.siblings("aws:ec2/launchTemplate:LaunchTemplate");
    const disk = (template === undefined ? 0 : templateDisk(template)) || (inputs.number("diskSize") ?? 20);
    const spot = inputs.string("capacityType") === "SPOT";
    return {
      charges: [
        { what: "nodes", sku: machine, quantity: nodes, spot, pool: { name: context.resource.name } },
        { what: "disks of nodes", sku: "gp3", quantity: times(nodes, disk) },
      ],
    };
  },
  "aws:eks/fargateProfile:FargateProfile": usagePriced("pods on Fargate are paid for by vCPU and memory"),
  "aws:ebs/volume:Volume": (inputs) =>
    one("disk", inputs.string("type") ?? "gp2", inputs.number("size") ?? 0),
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
  "aws:kms/key:Key": fixed("key", "kms-key"),
  "aws:ecr/repository:Repository": (_, { usage }) => one("images", "ecr", usage.registryGib),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:elasticache/replicationGroup:ReplicationGroup": (inputs) => {
    const shards = inputs.number("numNodeGroups") ?? 1;
    const nodes =
      inputs.number("numCacheClusters") ?? shards * (1 + (inputs.number("replicasPerNodeGroup") ?? 0));
    // Valkey is a fifth cheaper than Redis OSS, whose price is in the table.
    const factor = inputs.string("engine") === "valkey" ? 0.8 : undefined;
    return { charges: [charge("nodes", inputs.required("nodeType"), nodes, factor)] };
  },
  "aws:elasticache/cluster:Cluster": (inputs) =>
    one("nodes", inputs.required("nodeType"), inputs.number("numCacheNodes") ?? 1),
  "aws:elasticache/serverlessCache:ServerlessCache": usagePriced("paid for by data and requests"),
  "aws:rds/instance:Instance": (inputs) => {
    const copies = inputs.boolean("multiAz") === true ? 2 : 1;
    return {
      charges: [
        charge("instance", inputs.required("instanceClass"), copies),
        charge("disk", "rds-gp3", copies * (inputs.number("allocatedStorage") ?? 20)),
      ],
    };
  },
  "aws:secretsmanager/secret:Secret": fixed("secret", "secret"),
  "aws:route53/zone:Zone": fixed("zone", "hosted-zone"),
  "aws:cloudwatch/logGroup:LogGroup": (_, { usage }) => one("logs written", "cloudwatch-logs", usage.logGib),
  "aws:cloudwatch/metricAlarm:MetricAlarm": fixed("alarm", "metric-alarm"),
  "aws:lambda/function:Function": usagePriced("requests and their time; what is kept warm is priced apart"),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": (inputs, { siblings }) => {
    const memoryMib = siblings("aws:lambda/function:Function")[0]?.number("memorySize") ?? 128;
    const gib = ((inputs.number("provisionedConcurrentExecutions") ?? 0) * memoryMib) / 1024;
    return one("provisioned concurrency", "lambda-provisioned-gib", gib);
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
