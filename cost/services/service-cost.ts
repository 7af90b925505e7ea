import { GPU_TYPE_LABEL } from "../../components/platform/kubernetes/gpu-types.ts";
import { costPerThousand } from "./cost-per-thousand.ts";
import { machineSize } from "../../components/platform/nodes/machine-size.ts";
import type { PlannedResource } from "../estimate/planned-resource.ts";
import type { PricedPool } from "./priced-pool.ts";
import { readService, type Service } from "./read-service.ts";
import type { InferenceCost, ServiceCost } from "../estimate/cost-estimate.ts";
import type { Measurement } from "./throughput.ts";

/** Returns the cost of each service of the plan: of each workload whose pods serve a model. */
export function serviceCosts(
  resources: readonly PlannedResource[],
  pools: readonly PricedPool[],
  measurements: readonly Measurement[],
): ServiceCost[] {
  return resources.flatMap((resource): ServiceCost[] => {
    const found = readService(resource);
    if (found === undefined) return [];
    const { urn, service, model, replicas } = found;
    const about = { urn, service, model, replicas };
    const best = cheapest(found, pools, found.cores);
    if (typeof best === "string") return [{ ...about, inferences: [], unknown: best }];
    const { name, machine, spot } = best.pool;
    const measured = measurements.filter((one) => one.model === model && one.gpu === found.gpuType);
    return [
      {
        ...about,
        pool: { name, machine, spot },
        hourlyUsd: best.hourlyUsd * replicas,
        inferences: measured.flatMap((one) => inference(found, pools, one)),
        ...(measured.length === 0 ? { unknown: `the throughput of ${model} was not measured` } : {}),
      },
    ];
  });
}

function inference(service: Service, pools: readonly PricedPool[], measured: Measurement): InferenceCost[] {
  const { rowsPerRequest, requestsPerSecond, digest, machine, date, source } = measured;
  const cores = Math.max(service.cores, measured.cores);
  const best = cheapest(service, pools, cores);
  if (typeof best === "string") return [];
  const { hourlyUsd } = best;
  return [
    {
      rowsPerRequest,
      requestsPerSecond,
      usdPerThousand: costPerThousand({ hourlyUsd, requestsPerSecond, rowsPerRequest }),
      sameDigest: digest === service.digest,
      digest,
      cores,
      machine,
      date,
      source,
    },
  ];
}

/** Returns the pool in which one pod with the given cores is cheapest, or the reason why there is none. */
function cheapest(
  service: Service,
  pools: readonly PricedPool[],
  cores: number,
): { pool: PricedPool; hourlyUsd: number } | string {
  const fitting = pools.filter((pool) => accepts(pool, service));
  if (fitting.length === 0) return "no priced pool of the plan accepts its pods";
  const shares = fitting.flatMap((pool) => {
    const size = machineSize(pool.cloud, pool.machine);
    if (size === undefined && service.gpus === 0) return [];
    const share = Math.max(
      size === undefined ? 0 : cores / size.vcpus,
      size === undefined ? 0 : service.memoryGib / size.memoryGib,
      service.gpus === 0 ? 0 : service.gpus / pool.gpus,
    );
    return share > 1 ? [] : [{ pool, hourlyUsd: pool.hourly * share }];
  });
  const [best] = shares.sort((a, b) => a.hourlyUsd - b.hourlyUsd);
  return (
    best ??
    `no node of ${fitting.map(({ machine }) => machine).join(", ")} is known to have room for its pods`
  );
}

/** Whether pods of a service can run in a pool. */
function accepts(pool: PricedPool, { gpus, gpuType, nodeSelector, tolerated }: Service): boolean {
  if (gpus === 0 ? pool.gpus > 0 : pool.gpus < gpus) return false;
  if (gpuType !== undefined && pool.labels[GPU_TYPE_LABEL] !== gpuType) return false;
  return (
    pool.taints.every((key) => tolerated.has(key)) &&
    Object.entries(nodeSelector).every(([key, value]) => key === GPU_TYPE_LABEL || pool.labels[key] === value)
  );
}
