import { z } from "zod";
import type { StackFile } from "./load-stack-file.ts";

/** The cluster of a stack, from its file. */
export type StackCluster =
  /** The cluster that Slipway runs on this machine. */
  | { kind: "local" }
  /** A cluster of the user. */
  | { kind: "existing"; kubeconfig?: string; context?: string }
  /** A cluster of a cloud, which a foundation creates. */
  | CloudCluster;

export interface CloudCluster {
  kind: "cloud";
  service: "EKS" | "GKE" | "AKS";
  /** Command that adds the cluster to the user's kubeconfig. */
  connect: string;
}

/** The keys that name the cluster. `stacks/config` checks all other keys. */
const clusterSchema = z
  .looseObject({
    "slipway:cluster": z
      .looseObject({
        kind: z.string().default("existing"),
        kubeconfig: z.string().optional(),
        context: z.string().optional(),
        region: z.string().default("REGION"),
        project: z.string().default("PROJECT"),
        subscription: z.string().default("SUBSCRIPTION"),
      })
      .prefault({}),
    "slipway:registry": z.looseObject({ kind: z.string().optional() }).prefault({}),
    "slipway:cloud": z.looseObject({ prefix: z.string().default("NAME") }).prefault({}),
  })
  .catch({
    "slipway:cluster": { kind: "existing", region: "", project: "", subscription: "" },
    "slipway:registry": {},
    "slipway:cloud": { prefix: "" },
  });

/** Returns the cluster of a stack. A local registry means the local cluster. */
export function stackCluster({ config, stack }: Pick<StackFile, "config" | "stack">): StackCluster {
  const {
    "slipway:cluster": cluster,
    "slipway:registry": registry,
    "slipway:cloud": cloud,
  } = clusterSchema.parse(config);
  const { kind, kubeconfig, context, region, project, subscription } = cluster;
  const { prefix } = cloud;
  switch (kind) {
    case "eks":
      return {
        kind: "cloud",
        service: "EKS",
        connect: `aws eks update-kubeconfig --name ${prefix} --region ${region} --alias ${stack}`,
      };
    case "gke":
      return {
        kind: "cloud",
        service: "GKE",
        connect: connectGke(region, project),
      };
    case "aks":
      return {
        kind: "cloud",
        service: "AKS",
        connect: `az aks get-credentials --subscription ${subscription} --resource-group ${prefix}-slipway --name ${prefix}-aks --context ${stack}`,
      };
    default:
      if (registry.kind === "local") return { kind: "local" };
      return {
        kind: "existing",
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
      };
  }
}

/** Asks gcloud for the name of the cluster, because Pulumi ends it with random characters: `cluster-gke-1a2b3c4`. */
function connectGke(region: string, project: string): string {
  const location = `--region ${region} --project ${project}`;
  const name = `$(gcloud container clusters list ${location} --filter='name~^cluster-gke-' --format='value(name)')`;
  return `gcloud container clusters get-credentials "${name}" ${location}`;
}
