import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../../platform/after.ts";
import { commonLabels } from "../../platform/kubernetes/labels.ts";
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
 * A regional GKE Standard cluster with private nodes, its node pools, and a Kubernetes provider for it.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster
 *
 * @example
 * const cluster = new Gke("cluster", { project: project.id, region, network, key, gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4 } } });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class Gke extends pulumi.ComponentResource {
  /** Deploys into the cluster. It depends on the node pools, so its resources are deleted before the nodes. */
  readonly provider: k8s.Provider;
  /** Pass it as `deletedWith` to resources that exist only in the cluster. */
  readonly resource: gcp.container.Cluster;
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
    this.resource = new gcp.container.Cluster(`${name}-gke`, clusterArgs(args, { nodes, version }), {
      parent: this,
      protect: args.protect ?? true,
      // These inputs describe the default pool, which GKE removes at once.
      ignoreChanges: ["nodeConfig", "initialNodeCount"],
    });
    const cluster = this.resource;
    const common = { project, cluster, nodes, zoneCount: zones?.length ?? DEFAULT_ZONES };
    const child = { parent: this };
    const system: GkeNodePoolSettings = { max: 3, diskGib: 50, ...systemPool };
    const cpu: GkeNodePoolSettings = { max: 6, ...cpuPool };
    const needed: pulumi.Resource[] = [
      new GkeNodePool(
        `${name}-system`,
        { ...common, ...system, pool: "system", taints: [SYSTEM_TAINT] },
        child,
      ),
      new GkeNodePool(`${name}-cpu`, { ...common, ...cpu, pool: "cpu" }, child),
    ];
    for (const [pool, settings] of Object.entries(gpuPools))
      needed.push(new GkeGpuNodePool(`${name}-gpu-${pool}`, { ...common, region, ...settings, pool }, child));
    for (const [pool, settings] of Object.entries(tpuPools))
      needed.push(new GkeTpuNodePool(`${name}-tpu-${pool}`, { ...common, ...settings, pool }, child));
    if (imageSources !== undefined)
      needed.push(createAdmissionPolicy(name, { project, region, cluster, imageSources }, this));
    const kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.masterAuth])
      .apply(([clusterName, endpoint, auth]) =>
        gkeKubeconfig({ name: clusterName, endpoint, caCertificate: auth.clusterCaCertificate }),
      );
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig, enableServerSideApply: true, enableConfigMapMutable: true },
      { parent: this, dependsOn: needed },
    );
    // Kubernetes takes the newest class that is marked as default, so this one and not GKE's own, which has Google's key.
    new k8s.storage.v1.StorageClass(
      `${name}-storage-class`,
      {
        metadata: {
          name: "pd-balanced-encrypted",
          labels: commonLabels(name, "storage"),
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "pd.csi.storage.gke.io",
        parameters: { type: "pd-balanced", "disk-encryption-kms-key": key.keyName },
        volumeBindingMode: "WaitForFirstConsumer", // creates the volume in the zone of its pod
        allowVolumeExpansion: true,
        reclaimPolicy: "Delete",
      },
      { parent: this, provider: this.provider },
    );
    this.registerOutputs({ name: cluster.name });
  }
}
