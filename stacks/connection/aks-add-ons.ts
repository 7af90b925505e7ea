import type * as pulumi from "@pulumi/pulumi";
import { AksAutoNodes } from "../../components/azure/cluster/aks-auto-nodes.ts";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import { NvidiaDevicePlugin } from "../../components/platform/gpu/nvidia-device-plugin.ts";
import type { GpuType } from "../../components/platform/kubernetes/gpu-types.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import { autoGpuPool } from "../../components/platform/nodes/auto-provisioning.ts";
import { clusterGpuTypes } from "../config/schema/cluster-gpus.ts";
import type { AksConfig } from "../config/schema/cluster.ts";
import { poolArchitecture } from "../config/schema/pool-architecture.ts";

/**
 * Deploys the add-ons that AKS does not include: the node pools of auto-provisioning, and for GPUs, of which its nodes have the driver
 * alone, the device plugin and the exporter of metrics. Returns the exporters for Prometheus.
 */
export function deployAksAddOns(
  cluster: AksConfig,
  { registry, tags }: { registry: Registry; tags: Readonly<Record<string, string>> },
  opts: pulumi.ComponentResourceOptions,
): MetricsExporter[] {
  const { gpuPools, nodeAutoProvisioning: limits, encryptionAtHost } = cluster;
  if (limits !== undefined) {
    const architecture = poolArchitecture(cluster, "cpu");
    new AksAutoNodes("auto", { ...limits, tags, architecture, encryptionAtHost }, opts);
  }
  if (clusterGpuTypes(cluster).length === 0) return [];
  const provisioned = Object.keys(limits?.maxGpus ?? {}) as GpuType[];
  const pools = { ...gpuPools, ...Object.fromEntries(provisioned.map((type) => [autoGpuPool(type), {}])) };
  const system = new GpuSystem("gpu-system", {}, opts);
  new NvidiaDevicePlugin(
    "nvidia-device-plugin",
    { system, image: registry.image("nvidia-device-plugin"), pools },
    opts,
  );
  const image = registry.image("dcgm-exporter");
  return [new DcgmExporter("dcgm-exporter", { system, image }, opts).metrics];
}
