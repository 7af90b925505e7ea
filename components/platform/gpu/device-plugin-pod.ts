import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { rootContainer } from "../kubernetes/pod-security.ts";
import { resources } from "../kubernetes/resources.ts";

type PodSpec = types.input.core.v1.PodSpec;
type Container = types.input.core.v1.Container;

const KUBELET_DIR = "/var/lib/kubelet/device-plugins";

export interface DevicePluginPodOptions {
  /** Name of the container. */
  name: string;
  image: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** Whether the plugin calls the API server. */
  usesApiServer: boolean;
  /** Capabilities of the container. @default - none */
  addCapabilities?: string[];
  env: types.input.core.v1.EnvVar[];
  /** Mounts in addition to the kubelet's folder, with their volumes. */
  mounts: readonly { mount: types.input.core.v1.VolumeMount; volume: types.input.core.v1.Volume }[];
}

/** Returns the pod of a device plugin, which registers the devices of a node at its kubelet. */
export function devicePluginPod(options: DevicePluginPodOptions): PodSpec {
  const { name, image, serviceAccount, usesApiServer, addCapabilities, env, mounts } = options;
  const container: Container = {
    name,
    image,
    env,
    resources: resources({ cpuRequestMillis: 10, cpuLimitMillis: 200, memoryMib: 128 }),
    securityContext: rootContainer(addCapabilities),
    volumeMounts: [...mounts.map(({ mount }) => mount), { name: "kubelet", mountPath: KUBELET_DIR }],
  };
  return {
    serviceAccountName: serviceAccount,
    automountServiceAccountToken: usesApiServer,
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    containers: [container],
    volumes: [
      ...mounts.map(({ volume }) => volume),
      { name: "kubelet", hostPath: { path: KUBELET_DIR, type: "Directory" } },
    ],
  };
}
