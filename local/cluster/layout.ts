import { home } from "../home.ts";

/** Addresses of the one-machine cluster. Nothing listens outside the bridge and loopback. */
export const NETWORK = {
  bridge: "slipway0",
  /** Address of the node, the API server and the registry, for the machine and its pods. */
  node: "10.88.0.1",
  pods: "10.88.0.0/16",
  services: "10.96.0.0/16",
  /** First address of `services`, that of `kubernetes.default`. */
  apiService: "10.96.0.1",
  dns: "10.96.0.10",
  domain: "cluster.local",
  apiPort: 6443,
  registryPort: 5000,
  /** On loopback, behind the gate of `registryPort`. */
  registryStorePort: 15000,
  /** Not a standard port, so that it does not collide with another etcd on the machine. */
  etcdPort: 12379,
  etcdPeerPort: 12380,
} as const;

/** Name of the pod network in CNI's files and rules. */
export const CNI_NETWORK = "slipway";
export const NODE_NAME = "slipway";
export const REGISTRY_HOST = `${NETWORK.node}:${NETWORK.registryPort}`;
export const API_SERVER = `https://${NETWORK.node}:${NETWORK.apiPort}`;
/** Tag of the image that containerd runs as the pod sandbox; the add-ons point it at the pinned pause image. */
export const PAUSE_IMAGE = "slipway.local/pause:pinned";

/** Folder of sockets and mounts, which a restart of the machine clears. Its name is short, because paths of sockets must be. */
export const RUN = "/run/slipway";

export const PATHS = {
  pki: (): string => home("cluster", "pki"),
  kubeconfigs: (): string => home("cluster", "kubeconfig"),
  config: (): string => home("cluster", "config"),
  processes: (): string => home("cluster", "processes"),
  logs: (): string => home("cluster", "log"),
  etcd: (): string => home("cluster", "etcd"),
  containerd: (): string => home("containerd"),
  kubelet: (): string => home("kubelet"),
  volumes: (): string => home("volumes"),
  cni: (): string => home("cluster", "cni"),
  registry: (): string => home("registry"),
  /** Docker config.json of the registry's account that may push. */
  registryAuth: (): string => home("registry", "auth.json"),
  /** Docker config.json of the registry's account that may only pull. */
  registryReadAuth: (): string => home("registry", "read-auth.json"),
  /** The registry's htpasswd file. */
  registryPasswords: (): string => home("registry", "htpasswd"),
  kubeconfig: (): string => home("kubeconfig"),
  containerdSocket: (): string => `${RUN}/containerd.sock`,
};
