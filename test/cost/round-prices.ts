import { estimateCost } from "../../cost/estimate/estimate.ts";
import type { CostEstimate } from "../../cost/estimate/cost-estimate.ts";
import type { PlannedResource } from "../../cost/estimate/planned-resource.ts";
import type { Usage } from "../../cost/estimate/usage.ts";
import { toSkuPrices, type PriceTable } from "../../cost/prices/price-table.ts";

const source = { book: { url: "https://example.com/prices", date: "2025-03-02" } };
const price = (
  sku: string,
  unit: "hour" | "month" | "GiB-month" | "GiB",
  usd: Record<string, number>,
  more = {},
) => ({
  sku,
  unit,
  usd,
  source: "book",
  ...more,
});

/** Round prices, so that the sums of the tests can be done by hand. */
export const prices: PriceTable = {
  aws: toSkuPrices({
    sources: source,
    prices: [
      price("eks-cluster", "hour", { "eu-central-1": 0.1 }),
      price("eks-cluster-extended", "hour", { "eu-central-1": 0.6 }),
      price("m7i.large", "hour", { "eu-central-1": 0.12 }),
      price("g6.xlarge", "hour", { "eu-central-1": 1 }, { gpus: 1, spot: { "eu-central-1": 0.4 } }),
      price("gp3", "GiB-month", { "eu-central-1": 0.1 }),
      price("ec2-detailed-monitoring", "month", { "eu-central-1": 2.1 }),
      price("gp3-iops", "month", { "eu-central-1": 0.01 }),
      price("gp3-throughput", "month", { "eu-central-1": 0.05 }),
      price("io1", "GiB-month", { "eu-central-1": 0.2 }),
      price("io1-iops", "month", { "eu-central-1": 0.1 }),
      price("io2", "GiB-month", { "eu-central-1": 0.2 }),
      price("io2-iops", "month", { "eu-central-1": 0.1 }),
      price("io2-iops-over-32000", "month", { "eu-central-1": 0.07 }),
      price("io2-iops-over-64000", "month", { "eu-central-1": 0.05 }),
      price("nat-gateway", "hour", { "eu-central-1": 0.05 }),
      price("nat-gateway-gib", "GiB", { "eu-central-1": 0.05 }),
      price("vpc-endpoint", "hour", { "eu-central-1": 0.012 }),
      price("vpc-endpoint-gib", "GiB", { "eu-central-1": 0.01 }),
      price("kms-key", "month", { "eu-central-1": 1 }),
      price("hosted-zone", "month", { global: 0.5 }),
      price("db.m7g.large", "hour", { "eu-central-1": 0.2 }),
      price("rds-gp3", "GiB-month", { "eu-central-1": 0.1 }),
      price("nlb", "hour", { "eu-central-1": 0.03 }),
      price("nlb-gib", "GiB", { "eu-central-1": 0.01 }),
      price("lambda-provisioned-gib", "hour", { "eu-central-1": 0.015 }),
    ],
  }),
  gcp: toSkuPrices({
    sources: source,
    prices: [
      price("gke-cluster", "hour", { global: 0.1 }),
      price("gke-cluster-extended", "hour", { global: 0.6 }),
      price("n1-standard-4", "hour", { "europe-west4": 0.2 }, { spot: { "europe-west4": 0.05 } }),
      price("nvidia-tesla-t4", "hour", { "europe-west4": 0.35 }, { gpus: 1, spot: { "europe-west4": 0.15 } }),
      price("g2-standard-24", "hour", { "europe-west4": 2 }, { gpus: 2 }),
      price("pd-balanced", "GiB-month", { "europe-west4": 0.1 }),
      price("sql-cpu", "hour", { "europe-west4": 0.05 }),
      price("sql-memory", "hour", { "europe-west4": 0.01 }),
      price("sql-ssd", "GiB-month", { "europe-west4": 0.2 }),
    ],
  }),
  azure: toSkuPrices({
    sources: source,
    prices: [
      price("aks-standard", "hour", { global: 0.1 }),
      price("Standard_D2s_v5", "hour", { germanywestcentral: 0.115 }),
      price("premium-ssd", "GiB-month", { germanywestcentral: 0.15 }),
      price("load-balancer", "hour", { germanywestcentral: 0.025 }),
      price("load-balancer-gib", "GiB", { germanywestcentral: 0.005 }),
      price("public-ip", "hour", { germanywestcentral: 0.005 }),
    ],
  }),
};

/** Regions of resources that name none. */
export const usage: Usage = {
  regions: { aws: "eu-central-1", gcp: "europe-west4", azure: "germanywestcentral" },
};

const TODAY = "2026-11-23";

/** Cost of a plan at the round prices. */
export function estimate(...resources: PlannedResource[]): CostEstimate {
  return estimateCost(resources, { prices, usage, today: TODAY });
}

export const NODES = "aws:eks/nodeGroup:NodeGroup";
export const EKS = "aws:eks/cluster:Cluster";
export const GKE = "gcp:container/cluster:Cluster";
export const AKS = "azure-native:containerservice:ManagedCluster";

/** Sizes of a node group. */
export function scaling(minSize: number, maxSize: number, desiredSize?: number): Record<string, unknown> {
  return { minSize, maxSize, desiredSize };
}
