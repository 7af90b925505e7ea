import type { Acr } from "../../components/azure/acr.ts";
import type { Aks } from "../../components/azure/cluster/aks.ts";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import { NvidiaDevicePlugin } from "../../components/platform/gpu/nvidia-device-plugin.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { AksConfig } from "../config/schema/cluster.ts";

/**
 * Deploys the GPU add-ons that AKS does not include: its nodes have the driver, but no device plugin and no exporter of metrics. Returns
 * the exporters for Prometheus.
 */
export function deployAksAddOns(aks: Aks, pools: AksConfig["gpuPools"], registry: Acr): MetricsExporter[] {
  if (Object.keys(pools).length === 0) return [];
  const inCluster = { provider: aks.provider };
  const system = new GpuSystem("gpu-system", {}, inCluster);
  new NvidiaDevicePlugin(
    "nvidia-device-plugin",
    { system, image: registry.image("nvidia-device-plugin"), pools },
    inCluster,
  );
  const image = registry.image("dcgm-exporter");
  return [new DcgmExporter("dcgm-exporter", { system, image }, inCluster).metrics];
}
