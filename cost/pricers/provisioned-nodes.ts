import { gpuMachinesOf } from "../../components/platform/gpu/gpu-machines.ts";
import {
  GPU_RESOURCE,
  GPU_TYPE_LABEL,
  type GpuType,
} from "../../components/platform/kubernetes/gpu-types.ts";
import type { Bill, Charge, PricingContext } from "../estimate/charge.ts";
import type { InputReader } from "../estimate/input-reader.ts";
import type { PricedCloud } from "../prices/price-table.ts";
import { poolSize } from "./simple.ts";

/** Machine that stands for all that a cloud may take for pods without GPUs, with its vCPUs. */
const TYPICAL: Record<PricedCloud, { sku: string; vcpus: number }> = {
  aws: { sku: "m7i.2xlarge", vcpus: 8 },
  gcp: { sku: "e2-standard-4", vcpus: 4 },
  azure: { sku: "Standard_D8ds_v5", vcpus: 8 },
};

/** EKS Auto Mode costs about 12% of the on-demand price of each machine. @see https://aws.amazon.com/eks/pricing/ */
const AUTO_MODE_FEE: Record<PricedCloud, number> = { aws: 1.12, gcp: 1, azure: 1 };

/** Nodes that a cluster may create for pending pods: none at first, and at most what the limit allows. */
interface Limit {
  sku: string;
  nodes: number;
  /** Text of the limit, such as `64 vCPUs`. */
  shown: string;
}

/** Prices a node pool of Karpenter by its limits. */
export function karpenterPool(inputs: InputReader, context: PricingContext, cloud: PricedCloud): Bill {
  const limits = inputs.record("spec.limits");
  const gpus = Number(limits[GPU_RESOURCE] ?? 0);
  const type = inputs.record("spec.template.metadata.labels")[GPU_TYPE_LABEL] as GpuType | undefined;
  const machine = type === undefined ? undefined : gpuMachinesOf(cloud, type)[0];
  if (machine !== undefined && gpus > 0)
    return provisioned(context, cloud, [
      { sku: machine.machine, nodes: Math.ceil(gpus / machine.gpus), shown: `${gpus} ${type}` },
    ]);
  return provisioned(context, cloud, [vcpuLimit(cloud, Number(limits["cpu"] ?? 0))]);
}

/** Prices the node auto-provisioning of GKE by its limits, which include the nodes of the other pools. */
export function gkeAutoProvisioning(inputs: InputReader, context: PricingContext): Bill {
  if (inputs.boolean("clusterAutoscaling.enabled") !== true) return { charges: [] };
  const maximum = new Map(
    inputs
      .list("clusterAutoscaling.resourceLimits")
      .map((limit) => [limit.string("resourceType") ?? "", limit.number("maximum") ?? 0]),
  );
  return provisioned(context, "gcp", [vcpuLimit("gcp", maximum.get("cpu") ?? 0)]);
}

function vcpuLimit(cloud: PricedCloud, vcpus: number): Limit {
  const { sku, vcpus: each } = TYPICAL[cloud];
  return { sku, nodes: Math.ceil(vcpus / each), shown: `${vcpus} vCPUs` };
}

function provisioned(context: PricingContext, cloud: PricedCloud, limits: readonly Limit[]): Bill {
  const { name } = context.resource;
  const fee = AUTO_MODE_FEE[cloud];
  return {
    charges: limits.map(({ sku, nodes }): Charge => ({
      what: "provisioned nodes",
      sku,
      quantity: poolSize(context, { min: 0, max: nodes }),
      ...(fee === 1 ? {} : { factor: fee }),
    })),
    notes: limits.map(
      ({ sku, nodes, shown }) =>
        `${name} creates nodes for pending pods, up to ${shown}: none is expected, and the maximum is that of ${nodes} ${sku}` +
        (fee === 1 ? "" : ", with the fee of EKS Auto Mode"),
    ),
  };
}
