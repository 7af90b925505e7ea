import * as pulumi from "@pulumi/pulumi";
import { autoscalerVersionWarning } from "../../components/aws/cluster/autoscaler-version.ts";
import { EksClusterAutoscaler } from "../../components/aws/cluster/eks-cluster-autoscaler.ts";
import { EksNeuronDevicePlugin } from "../../components/aws/cluster/eks-neuron-device-plugin.ts";
import type { EksCluster } from "../../components/aws/cluster/eks.ts";
import type { EcrRegistry } from "../../components/aws/ecr.ts";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";

export interface EksAddOnsArgs {
  account: string;
  region: string;
  cluster: EksCluster;
  clusterName: string;
  /** Registry with the images of the add-ons. */
  registry: EcrRegistry;
  /** Lock file with the sources of these images. */
  images: ImagesLock;
  hasGpus: boolean;
  hasNeuron: boolean;
}

/**
 * Deploys the add-ons that EKS does not include: the cluster autoscaler, the exporter of GPU metrics and the device plugin for Neuron
 * chips. Returns the exporters for Prometheus.
 */
export function deployEksAddOns(
  { account, region, cluster, clusterName, registry, images, hasGpus, hasNeuron }: EksAddOnsArgs,
  opts: pulumi.ComponentResourceOptions,
): MetricsExporter[] {
  const { source = "" } = images.images["cluster-autoscaler"] ?? {};
  const warning = autoscalerVersionWarning(source, cluster.nodes.version);
  if (warning !== undefined) void pulumi.log.warn(warning, cluster);
  new EksClusterAutoscaler(
    "cluster-autoscaler",
    { account, region, cluster, clusterName, image: registry.image("cluster-autoscaler") },
    opts,
  );
  if (!hasGpus && !hasNeuron) return [];
  const inCluster = { provider: cluster.provider };
  const system = new GpuSystem("gpu-system", {}, inCluster);
  if (hasNeuron)
    new EksNeuronDevicePlugin("neuron", { system, image: registry.image("neuron-device-plugin") }, inCluster);
  if (!hasGpus) return [];
  return [
    new DcgmExporter("dcgm-exporter", { system, image: registry.image("dcgm-exporter") }, inCluster).metrics,
  ];
}
