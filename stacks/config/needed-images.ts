import { IMAGE_NAMES, type ImageName } from "../../components/platform/registry/images-lock.ts";
import { clusterGpuTypes } from "./schema/cluster-gpus.ts";
import { hasSecretsOperator } from "./secrets-operator.ts";
import type { StackConfig } from "./schema.ts";

/** Images that only the local cluster runs. */
const LOCAL_ONLY: readonly ImageName[] = ["coredns", "pause"];

/** Returns the images that the pods of a stack run, sorted. The local stack builds all of its images, so it needs none here. */
export function neededImages(
  config: Pick<StackConfig, "cluster" | "cloud" | "registry" | "images"> &
    Partial<Pick<StackConfig, "secrets" | "environments">>,
  { buildsRuntime }: { buildsRuntime: boolean },
): ImageName[] {
  const { cluster, cloud, registry, secrets, environments } = config;
  if (registry.kind === "local") return [];
  const hasGpus = cluster.kind !== "existing" && clusterGpuTypes(cluster).length > 0;
  // A foundation does not know the environments of its platform: a gateway needs at least its zone.
  const hasGateway =
    environments === undefined
      ? cloud?.dns?.delegated === true
      : Object.values(environments).some(({ gateway }) => gateway !== undefined);
  const hasNeuron = cluster.kind === "eks" && Object.keys(cluster.neuronPools).length > 0;
  /** Conditions of images that only some stacks need. */
  const conditions: Partial<Record<ImageName, boolean>> = {
    "cluster-autoscaler": cluster.kind === "eks" && cluster.nodeAutoProvisioning === undefined,
    "aws-load-balancer-controller": cluster.kind === "eks" && hasGateway,
    "dcgm-exporter": cluster.kind !== "gke" && hasGpus,
    // A foundation does not know the secrets of its platform, and has a repository for the operator in any case.
    "external-secrets": secrets === undefined || hasSecretsOperator({ cluster, secrets }),
    "neuron-device-plugin": hasNeuron,
    "nvidia-device-plugin": cluster.kind === "aks" && hasGpus,
    redis: cloud?.redis === undefined,
    runtime: !buildsRuntime,
  };
  return IMAGE_NAMES.filter((name) => !LOCAL_ONLY.includes(name) && conditions[name] !== false).sort();
}
