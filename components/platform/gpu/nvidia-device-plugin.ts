import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { devicePluginConfig, type GpuSharing } from "./device-plugin-config.ts";
import { allGpus, onGpuNodes } from "./gpu-daemon.ts";
import { POOL_LABEL } from "../kubernetes/gpu-types.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { resources } from "../kubernetes/resources.ts";
import type { GpuSystem } from "./gpu-system.ts";

export interface NvidiaDevicePluginArgs {
  system: GpuSystem;
  /** NVIDIA's k8s-device-plugin, by digest. */
  image: pulumi.Input<string>;
  /** Name of each pool with GPUs, as its nodes are labelled, and how it shares them. */
  pools: Readonly<Record<string, GpuSharing>>;
}

const KUBELET_DIR = "/var/lib/kubelet/device-plugins";
const CONFIG_DIR = "/etc/slipway";

/**
 * NVIDIA's device plugin, which tells the kubelet of a node's GPUs: for nodes whose image brings the driver alone. Each
 * pool has a DaemonSet of its own, as each shares its GPUs in its own way; so no pod has to watch the labels of nodes.
 *
 * @example
 * new NvidiaDevicePlugin("device-plugin", { system, image, pools: { l4: { timeSlicing: 2 } } }, { provider: cluster.provider });
 */
export class NvidiaDevicePlugin extends pulumi.ComponentResource {
  constructor(name: string, args: NvidiaDevicePluginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gpu:NvidiaDevicePlugin", name, {}, opts);
    const { system, image, pools } = args;
    const { namespace } = system;
    const child = { parent: this, deletedWith: system.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: "nvidia-device-plugin", namespace, labels: commonLabels(name, "gpu") },
        automountServiceAccountToken: false,
      },
      child,
    );
    for (const [pool, sharing] of Object.entries(pools)) {
      const app = `nvidia-device-plugin-${pool}`;
      const labels = commonLabels(app, "gpu");
      const selector = selectorLabels(app, "gpu");
      const config = new k8s.core.v1.ConfigMap(
        `${name}-${pool}-config`,
        {
          metadata: { namespace, labels },
          immutable: true,
          data: { "config.yaml": devicePluginConfig(sharing) },
        },
        child,
      );
      // To see and hand out instances of a GPU takes more than to hand out GPUs.
      const capabilities =
        sharing.mig === undefined ? { drop: ["ALL"] } : { drop: ["ALL"], add: ["SYS_ADMIN"] };
      new k8s.apps.v1.DaemonSet(
        `${name}-${pool}-daemon`,
        {
          metadata: { name: app, namespace, labels, annotations: { "pulumi.com/skipAwait": "true" } },
          spec: {
            selector: { matchLabels: selector },
            updateStrategy: { type: "RollingUpdate" },
            template: {
              metadata: { labels },
              spec: {
                ...onGpuNodes,
                nodeSelector: { [POOL_LABEL]: pool },
                serviceAccountName: account.metadata.name,
                automountServiceAccountToken: false,
                enableServiceLinks: false,
                securityContext: { seccompProfile: { type: "RuntimeDefault" } },
                containers: [
                  {
                    name: "device-plugin",
                    image,
                    env: [...allGpus.env, { name: "CONFIG_FILE", value: `${CONFIG_DIR}/config.yaml` }],
                    resources: resources({ cpuRequestMillis: 10, cpuLimitMillis: 200, memoryMib: 128 }),
                    // It registers at the kubelet's socket, which belongs to root.
                    securityContext: {
                      runAsUser: 0,
                      runAsNonRoot: false,
                      allowPrivilegeEscalation: false,
                      readOnlyRootFilesystem: true,
                      capabilities,
                    },
                    volumeMounts: [
                      allGpus.mount,
                      { name: "config", mountPath: CONFIG_DIR, readOnly: true },
                      { name: "kubelet", mountPath: KUBELET_DIR },
                    ],
                  },
                ],
                volumes: [
                  allGpus.volume,
                  { name: "config", configMap: { name: config.metadata.name } },
                  { name: "kubelet", hostPath: { path: KUBELET_DIR, type: "Directory" } },
                ],
              },
            },
          },
        },
        child,
      );
    }
    this.registerOutputs({});
  }
}
