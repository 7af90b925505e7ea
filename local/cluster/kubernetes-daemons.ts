import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ApiServerFiles } from "./api-server-files.ts";
import { pki, kubeconfigOf } from "./certificates.ts";
import { CGROUP_ROOT } from "./cgroup.ts";
import type { Daemon } from "./daemon.ts";
import { NETWORK, NODE_NAME, PATHS } from "./layout.ts";
import type { Machine } from "./machine.ts";

export function etcd(bin: string): Daemon {
  const tls = (prefix: string): string[] => [
    `--${prefix}cert-file=${pki("etcd.crt")}`,
    `--${prefix}key-file=${pki("etcd.key")}`,
    `--${prefix}trusted-ca-file=${pki("ca.crt")}`,
    `--${prefix}client-cert-auth=true`,
  ];
  const client = `https://127.0.0.1:${NETWORK.etcdPort}`;
  const peer = `https://127.0.0.1:${NETWORK.etcdPeerPort}`;
  return {
    name: "etcd",
    program: join(bin, "etcd"),
    args: [
      "--name=slipway",
      `--data-dir=${PATHS.etcd()}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=slipway=${peer}`,
      ...tls(""),
      ...tls("peer-"),
      "--auto-compaction-retention=1h",
      "--log-level=warn",
    ],
  };
}

export function apiServer(bin: string, files: ApiServerFiles): Daemon {
  return {
    name: "kube-apiserver",
    program: join(bin, "kube-apiserver"),
    args: [
      `--bind-address=${NETWORK.node}`,
      `--advertise-address=${NETWORK.node}`,
      `--secure-port=${NETWORK.apiPort}`,
      `--service-cluster-ip-range=${NETWORK.services}`,
      "--authorization-mode=Node,RBAC",
      "--anonymous-auth=false",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true", // Pod Security decides for each namespace
      "--profiling=false",
      `--encryption-provider-config=${files.encryption}`,
      `--audit-policy-file=${files.auditPolicy}`,
      `--audit-log-path=${join(PATHS.logs(), "audit.log")}`,
      "--audit-log-maxsize=20", // MiB
      "--audit-log-maxbackup=1",
      `--client-ca-file=${pki("ca.crt")}`,
      `--tls-cert-file=${pki("apiserver.crt")}`,
      `--tls-private-key-file=${pki("apiserver.key")}`,
      `--etcd-servers=https://127.0.0.1:${NETWORK.etcdPort}`,
      `--etcd-cafile=${pki("ca.crt")}`,
      `--etcd-certfile=${pki("etcd-client.crt")}`,
      `--etcd-keyfile=${pki("etcd-client.key")}`,
      `--kubelet-certificate-authority=${pki("ca.crt")}`,
      `--kubelet-client-certificate=${pki("apiserver-kubelet-client.crt")}`,
      `--kubelet-client-key=${pki("apiserver-kubelet-client.key")}`,
      "--kubelet-preferred-address-types=InternalIP", // the node's name does not resolve
      `--service-account-issuer=https://kubernetes.default.svc.${NETWORK.domain}`,
      `--service-account-key-file=${pki("service-account.pub")}`,
      `--service-account-signing-key-file=${pki("service-account.key")}`,
    ],
    reads: files.contents,
  };
}

export function controllerManager(bin: string): Daemon {
  return {
    name: "kube-controller-manager",
    program: join(bin, "kube-controller-manager"),
    args: [
      ...controller("controller-manager"),
      `--root-ca-file=${pki("ca.crt")}`,
      `--service-account-private-key-file=${pki("service-account.key")}`,
      "--use-service-account-credentials=true",
      "--leader-elect=false",
      `--flex-volume-plugin-dir=${join(PATHS.kubelet(), "volume-plugins")}`,
    ],
  };
}

export function scheduler(bin: string): Daemon {
  return {
    name: "kube-scheduler",
    program: join(bin, "kube-scheduler"),
    args: [...controller("scheduler"), "--leader-elect=false"],
  };
}

function controller(user: "controller-manager" | "scheduler"): string[] {
  const kubeconfig = kubeconfigOf(user);
  return [
    "--bind-address=127.0.0.1",
    "--profiling=false",
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
  ];
}

export async function kubelet(bin: string, machine: Machine): Promise<Daemon> {
  const resolvConf = join(PATHS.kubelet(), "resolv.conf");
  await mkdir(PATHS.kubelet(), { recursive: true });
  await writeFile(resolvConf, ""); // pods use only the cluster's DNS
  const config = JSON.stringify(kubeletConfig(machine, resolvConf), null, 2);
  const file = await configFile("kubelet.json", config);
  return {
    name: "kubelet",
    program: join(bin, "kubelet"),
    args: [
      `--config=${file}`,
      `--kubeconfig=${kubeconfigOf("kubelet")}`,
      `--root-dir=${PATHS.kubelet()}`,
      `--hostname-override=${NODE_NAME}`,
      `--node-ip=${NETWORK.node}`,
    ],
    reads: [config],
  };
}

export function kubeletConfig(machine: Machine, resolvConf: string): Record<string, unknown> {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: NETWORK.node,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    tlsCertFile: pki("kubelet-server.crt"),
    tlsPrivateKeyFile: pki("kubelet-server.key"),
    containerRuntimeEndpoint: `unix://${PATHS.containerdSocket()}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: CGROUP_ROOT,
    ...(machine.cgroups === "v1" ? { failCgroupV1: false } : {}),
    clusterDNS: [NETWORK.dns],
    clusterDomain: NETWORK.domain,
    resolvConf,
    podLogsDir: join(PATHS.logs(), "pods"),
    volumePluginDir: join(PATHS.kubelet(), "volume-plugins"),
    failSwapOn: false,
    serializeImagePulls: false,
    containerLogMaxSize: "5Mi",
    containerLogMaxFiles: 2,
    // The whole machine shares the disk: evict pods late, and let `down` remove the images.
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1Gi", "imagefs.available": "1Gi" },
    imageGCHighThresholdPercent: 100,
    shutdownGracePeriod: "0s",
    nodeStatusUpdateFrequency: "5s",
    syncFrequency: "10s", // a changed ConfigMap reaches its pods within that time
  };
}

export async function kubeProxy(bin: string): Promise<Daemon> {
  const config = JSON.stringify(
    {
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      kind: "KubeProxyConfiguration",
      mode: "iptables",
      hostnameOverride: NODE_NAME,
      clusterCIDR: NETWORK.pods,
      clientConnection: { kubeconfig: kubeconfigOf("proxy") },
      bindAddress: NETWORK.node,
      healthzBindAddress: "127.0.0.1:10256",
      metricsBindAddress: "127.0.0.1:10249",
      nodePortAddresses: ["primary"],
      iptables: { localhostNodePorts: false },
      // Does not change the machine's own limits.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    },
    null,
    2,
  );
  const file = await configFile("kube-proxy.json", config);
  return {
    name: "kube-proxy",
    program: join(bin, "kube-proxy"),
    args: [`--config=${file}`],
    reads: [config],
  };
}

async function configFile(name: string, content: string): Promise<string> {
  await mkdir(PATHS.config(), { recursive: true });
  const file = join(PATHS.config(), name);
  // kube-proxy ends whenever its file is written, even with the same content.
  const present = await readFile(file, "utf8").catch(() => undefined);
  if (present !== content) await writeFile(file, content);
  return file;
}
