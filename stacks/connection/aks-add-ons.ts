import type * as pulumi from "@pulumi/pulumi";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import { NvidiaDevicePlugin } from "../../components/platform/gpu/nvidia-device-plugin.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import type { AksConfig } from "../config/schema/cluster.ts";

/**
 * Deploys the GPU add-ons that AKS does not include: its nodes have the driver, but no device plugin and no exporter of metrics. Returns
 * the exporters for Prometheus.
 */
export function deployAksAddOns(
  pools: AksConfig["gpuPools"],
  registry: Registry,
  opts: pulumi.ComponentResourceOptions,
): MetricsExporter[] {
  if (Object.keys(pools).length === 0) return [];
  const system = new GpuSystem("gpu-system", {}, opts);
  new NvidiaDevicePlugin(
    "nvidia-device-plugin",
    { system, image: registry.image("nvidia-device-plugin"), pools },
    opts,
  );
  const image = registry.image("dcgm-exporter");
  return [new DcgmExporter("dcgm-exporter", { system, image }, opts).metrics];
}
