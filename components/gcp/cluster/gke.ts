import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import { createAdmissionPolicy } from "./gke-admission-policy.ts";
import { clusterArgs, type GkeArgs } from "./gke-cluster-args.ts";
import { GkeGpuNodePool } from "./gke-gpu-node-pool.ts";
import { gkeKubeconfig } from "./gke-kubeconfig.ts";
import { DEFAULT_ZONES, type GkeNodeIdentity } from "./gke-node-config.ts";
import { GkeNodePool, type GkeNodePoolSettings } from "./gke-node-pool.ts";
import { GkeTpuNodePool } from "./gke-tpu-node-pool.ts";
import { GKE_DEFAULT_VERSION, gkeSupportWarning, gkeVersion } from "./gke-versions.ts";

/** Taint of the system pool, which the components that GKE manages tolerate. @see https://cloud.google.com/kubernetes-engine/docs/how-to/isolate-workloads-dedicated-nodes */
const SYSTEM_TAINT = {
  key: "components.gke.io/gke-managed-components",
  value: "true",
  effect: "NO_SCHEDULE",
};

/** The only role of the nodes' service account: write logs and metrics. */
const NODE_ROLE = "roles/container.defaultNodeServiceAccount";

/**
 * A regional GKE Standard cluster with private nodes, and its node pools.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 *
 * @example
 * const cluster = new Gke("cluster", { project: project.id, region, network, key, gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4 } } });
 * const kubernetes = new k8s.Provider("kubernetes", { kubeconfig: cluster.kubeconfig });
 */
export class Gke extends pulumi.ComponentResource {
  /** Kubeconfig without credentials: gke-gcloud-auth-plugin gets a token for the user who deploys. Known when the node pools exist. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Name of the cluster in its region. */
  readonly clusterName: pulumi.Output<string>;
  /** `projects/…/clusters/…`; known when the nodes run. */
  readonly id: pulumi.Output<string>;
  /** `projects/…/cryptoKeys/…` for the volumes of pods. */
  readonly volumesKeyName: pulumi.Output<string>;
  /** IAM member of the nodes, which pull the images. */
  readonly nodeMember: pulumi.Output<string>;

  constructor(name: string, args: GkeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:Gke", name, {}, opts);
    const {
      project,
      region,
      key,
      zones,
      systemPool,
      cpuPool,
      gpuPools = {},
      tpuPools = {},
      imageSources,
    } = args;
    const version = gkeVersion(args.version ?? GKE_DEFAULT_VERSION, name);
    const warning = gkeSupportWarning(version, new Date());
    if (warning !== undefined) void pulumi.log.warn(warning, this);
    const account = new gcp.serviceaccount.Account(
      `${name}-nodes`,
      { project, displayName: `Nodes of ${name}` },
      { parent: this },
    );
    this.nodeMember = pulumi.interpolate`serviceAccount:${account.email}`;
    const role = new gcp.projects.IAMMember(
      `${name}-nodes-role`,
      { project, role: NODE_ROLE, member: this.nodeMember },
      { parent: this },
    );
    const nodes: GkeNodeIdentity = {
      // Nodes that start before the grant exists cannot write logs and metrics.
      serviceAccount: after(account.email, role.id),
      diskKey: key.keyName,
    };
    const cluster = new gcp.container.Cluster(`${name}-gke`, clusterArgs(args, { nodes, version }), {
      parent: this,
      protect: args.protect ?? true,
      // These inputs describe the default pool, which GKE removes at once.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
    });
    const common = { project, cluster, nodes, zoneCount: zones?.length ?? DEFAULT_ZONES };
    const child = { parent: this };
    const system: GkeNodePoolSettings = { max: 3, diskGib: 50, ...systemPool };
    const cpu: GkeNodePoolSettings = { max: 6, ...cpuPool };
    const needed: pulumi.Resource[] = [
      new GkeNodePool(
        `${name}-system`,
        { ...common, ...system, pool: "system", taints: [SYSTEM_TAINT] },
        child,
      ).resource,
      new GkeNodePool(`${name}-cpu`, { ...common, ...cpu, pool: "cpu" }, child).resource,
    ];
    for (const [pool, settings] of Object.entries(gpuPools))
      needed.push(
        new GkeGpuNodePool(`${name}-gpu-${pool}`, { ...common, region, ...settings, pool }, child).resource,
      );
    for (const [pool, settings] of Object.entries(tpuPools))
      needed.push(
        new GkeTpuNodePool(`${name}-tpu-${pool}`, { ...common, ...settings, pool }, child).resource,
      );
    if (imageSources !== undefined)
      needed.push(createAdmissionPolicy(name, { project, region, cluster, imageSources }, this));
    const kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.masterAuth])
      .apply(([clusterName, endpoint, auth]) =>
        gkeKubeconfig({ name: clusterName, endpoint, caCertificate: auth.clusterCaCertificate }),
      );
    // What is deployed with the kubeconfig is created after the node pools and deleted before them.
    this.kubeconfig = after(kubeconfig, ...needed.map(({ urn }) => urn));
    this.clusterName = cluster.name;
    this.volumesKeyName = key.keyName;
    this.id = after(cluster.id, ...needed.map(({ urn }) => urn));
    this.registerOutputs({ name: cluster.name });
  }
}
