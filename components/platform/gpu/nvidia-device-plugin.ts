import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { devicePluginPod } from "./device-plugin-pod.ts";
import { devicePluginConfig, type GpuSharing } from "./device-plugin-config.ts";
import { allGpus, onGpuNodes } from "./gpu-daemon.ts";
import { POOL_LABEL } from "../kubernetes/gpu-types.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import type { GpuSystem } from "./gpu-system.ts";

export interface NvidiaDevicePluginArgs {
  system: GpuSystem;
  /** NVIDIA's k8s-device-plugin, by digest. */
  image: pulumi.Input<string>;
  /** Pool with GPUs, by the name in the label of its nodes → how it shares its GPUs. */
  pools: Readonly<Record<string, GpuSharing>>;
}

const CONFIG_DIR = "/etc/slipway";

/**
 * Deploys NVIDIA's device plugin, which registers the GPUs of a node at its kubelet. Use it where the image of the nodes has only the
 * driver. Each pool has its own DaemonSet, because pools share their GPUs in different ways.
 *
 * @example
 * new NvidiaDevicePlugin("device-plugin", { system, image, pools: { l4: { timeSlicing: 2 } } }, { provider: cluster.provider });
 */
export class NvidiaDevicePlugin extends pulumi.ComponentResource {
  constructor(name: string, args: NvidiaDevicePluginArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gpu:NvidiaDevicePlugin", name, {}, opts);
    const { system, image, pools } = args;
    const { namespace } = system;
    const childOptions = { parent: this, deletedWith: system.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      {
        metadata: { name: "nvidia-device-plugin", namespace, labels: commonLabels(name, "gpu") },
        automountServiceAccountToken: false,
      },
      childOptions,
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
        childOptions,
      );
      new k8s.apps.v1.DaemonSet(
        `${name}-${pool}-daemon`,
        {
          metadata: { name: app, namespace, labels, annotations: SKIP_AWAIT },
          spec: {
            selector: { matchLabels: selector },
            updateStrategy: { type: "RollingUpdate" },
            template: {
              metadata: { labels },
              spec: {
                ...onGpuNodes,
                nodeSelector: { [POOL_LABEL]: pool },
                ...devicePluginPod({
                  name: "device-plugin",
                  image,
                  serviceAccount: account.metadata.name,
                  usesApiServer: false,
                  // The plugin needs SYS_ADMIN to offer instances of a GPU, but not to offer whole GPUs.
                  ...(sharing.mig === undefined ? {} : { addCapabilities: ["SYS_ADMIN"] }),
                  env: [...allGpus.env, { name: "CONFIG_FILE", value: `${CONFIG_DIR}/config.yaml` }],
                  mounts: [
                    { mount: allGpus.mount, volume: allGpus.volume },
                    {
                      mount: { name: "config", mountPath: CONFIG_DIR, readOnly: true },
                      volume: { name: "config", configMap: { name: config.metadata.name } },
                    },
                  ],
                }),
              },
            },
          },
        },
        childOptions,
      );
    }
    this.registerOutputs({});
  }
}
