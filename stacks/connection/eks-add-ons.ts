import * as pulumi from "@pulumi/pulumi";
import { autoscalerVersionWarning } from "../../components/aws/cluster/autoscaler-version.ts";
import { EksAutoNodes } from "../../components/aws/cluster/eks-auto-nodes.ts";
import { EksClusterAutoscaler } from "../../components/aws/cluster/eks-cluster-autoscaler.ts";
import { EksNeuronDevicePlugin } from "../../components/aws/cluster/eks-neuron-device-plugin.ts";
import type { OidcIssuer } from "../../components/aws/cluster/eks-service-account-role.ts";
import { EKS_DEFAULT_VERSION } from "../../components/aws/cluster/eks-versions.ts";
import { DcgmExporter } from "../../components/platform/gpu/dcgm-exporter.ts";
import { GpuSystem } from "../../components/platform/gpu/gpu-system.ts";
import type { MetricsExporter } from "../../components/platform/monitoring/metrics-exporter.ts";
import type { ImagesLock } from "../../components/platform/registry/images-lock.ts";
import type { Registry } from "../../components/platform/registry/registry.ts";
import { clusterGpuTypes } from "../config/schema/cluster-gpus.ts";
import type { EksConfig } from "../config/schema/cluster.ts";
import { poolArchitecture } from "../config/schema/pool-architecture.ts";
import type { awsFoundationSchema } from "../foundation/aws-outputs.ts";
import type { ReadFoundation } from "../foundation/common-outputs.ts";
import { deployed } from "./deployed.ts";

export interface EksAddOnsArgs {
  cluster: EksConfig;
  clusterName: string;
  oidc: OidcIssuer;
  /** Registry with the images of the add-ons. */
  registry: Registry;
  /** Lock file with the sources of these images. */
  images: ImagesLock;
  foundation: ReadFoundation<typeof awsFoundationSchema>;
}

/**
 * Deploys the add-ons that EKS does not include: the cluster autoscaler or the node pools of Auto Mode, the exporter of GPU metrics and the device plugin for Neuron
 * chips. Returns the exporters for Prometheus.
 *
 * @param opts - the providers of AWS and of Kubernetes
 */
export function deployEksAddOns(
  args: EksAddOnsArgs,
  opts: pulumi.ComponentResourceOptions,
): MetricsExporter[] {
  const { cluster, registry } = args;
  deployNodeScaling(args, opts);
  const hasGpus = clusterGpuTypes(cluster).length > 0;
  const hasNeuron = Object.keys(cluster.neuronPools).length > 0;
  if (!hasGpus && !hasNeuron) return [];
  const system = new GpuSystem("gpu-system", {}, opts);
  if (hasNeuron)
    new EksNeuronDevicePlugin("neuron", { system, image: registry.image("neuron-device-plugin") }, opts);
  if (!hasGpus) return [];
  return [
    new DcgmExporter("dcgm-exporter", { system, image: registry.image("dcgm-exporter") }, opts).metrics,
  ];
}

/** Deploys what adds nodes: Auto Mode's node pools if the config has limits for them, otherwise Cluster Autoscaler for the node groups. */
function deployNodeScaling(
  { cluster, clusterName, oidc, registry, images, foundation }: EksAddOnsArgs,
  opts: pulumi.ComponentResourceOptions,
): void {
  const { account, region, version = EKS_DEFAULT_VERSION, nodeAutoProvisioning } = cluster;
  if (nodeAutoProvisioning !== undefined) {
    new EksAutoNodes(
      "auto",
      {
        ...nodeAutoProvisioning,
        roleName: deployed(foundation.autoNodeRoleName, "cluster.nodeAutoProvisioning"),
        subnetIds: foundation.privateSubnetIds,
        securityGroupId: foundation.nodesSecurityGroupId,
        architecture: poolArchitecture(cluster, "cpu"),
      },
      opts,
    );
    return;
  }
  const { source = "" } = images.images["cluster-autoscaler"] ?? {};
  const autoscaler = new EksClusterAutoscaler(
    "cluster-autoscaler",
    { account, region, oidc, clusterName, image: registry.image("cluster-autoscaler") },
    opts,
  );
  const warning = autoscalerVersionWarning(source, version);
  if (warning !== undefined) void pulumi.log.warn(warning, autoscaler);
}
