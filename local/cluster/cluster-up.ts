import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress, Step } from "../progress.ts";
import { ensureApt } from "../tools/apt.ts";
import { clusterPrograms, type ClusterPrograms } from "../tools/cluster-programs.ts";
import { kubectl } from "../tools/kubectl.ts";
import { getAs } from "./api-request.ts";
import { apiServerFiles } from "./api-server-files.ts";
import { ensureCertificates } from "./certificates.ts";
import { ensureCgroup } from "./cgroup.ts";
import { containerd, ctr } from "./containerd.ts";
import { daemonLog, daemonPid, ensureDaemon, type Daemon } from "./daemon.ts";
import { apiServer, controllerManager, etcd, kubelet, kubeProxy, scheduler } from "./kubernetes-daemons.ts";
import { API_SERVER, NETWORK, NODE_NAME, PATHS, REGISTRY_HOST } from "./layout.ts";
import { withClusterLock } from "./lock.ts";
import { inspectMachine, type Machine } from "./machine.ts";
import { ensureNetwork } from "./network.ts";
import { ensureRegistryAccounts } from "./registry-accounts.ts";
import { registry } from "./registry.ts";
import { rememberMachine } from "./traces.ts";

export const CLUSTER_PACKAGES = [
  "containerd",
  "runc",
  "containernetworking-plugins",
  "iptables",
  "iproute2",
  "openssl",
  "docker-registry",
  "apache2-utils",
  "haproxy",
];

/** Addresses and files by which other tools use a running cluster. */
export interface Cluster {
  /** Path of the kubeconfig; only its owner can read it. */
  kubeconfig: string;
  /** Path of a kubectl with a compatible version. */
  kubectl: string;
  registry: {
    /** `host:port`, the first part of image references. */
    host: string;
    url: string;
    /** Path of a Docker `config.json` with the account. */
    authFile: string;
  };
  /** True if at least one program had to be started. */
  changed: boolean;
}

/**
 * Starts the programs of the cluster that do not run: registry, containerd, etcd and the control plane, kubelet, kube-proxy.
 * Idempotent. `clusterAddons` adds DNS and volumes later, because their images have to be built first.
 */
export async function clusterUp(progress: Progress): Promise<Cluster> {
  const machine = await inspectMachine();
  return withClusterLock(async () => {
    const why = "container runtime, pod network and registry of the local cluster";
    await ensureApt(progress, CLUSTER_PACKAGES, why);
    const programs = await clusterPrograms(progress, ["etcd", "kubernetes"]);
    const client = await kubectl(progress);
    const changed = await progress.step("Start Kubernetes", async (step) => {
      await rememberMachine();
      await ensureCertificates();
      await ensureNetwork();
      await ensureCgroup();
      const started = await startDaemons(machine, programs, step);
      if (started === 0) step.cached("everything runs already");
      return started > 0;
    });
    return {
      kubeconfig: PATHS.kubeconfig(),
      kubectl: client,
      registry: { host: REGISTRY_HOST, url: `http://${REGISTRY_HOST}`, authFile: PATHS.registryAuth() },
      changed,
    };
  });
}

/** Starts the programs that do not run, each after those that it needs. Returns the number of started programs. */
async function startDaemons(
  machine: Machine,
  programs: Record<"etcd" | "kubernetes", ClusterPrograms>,
  step: Step,
): Promise<number> {
  const accounts = await ensureRegistryAccounts();
  const { store, gate } = await registry(accounts);
  let started = 0;
  const run = async (daemon: Daemon, ready: () => Promise<boolean>): Promise<void> => {
    if (await ensureDaemon(daemon)) {
      started++;
      step.update(`${daemon.name} started`);
    }
    await untilReady(daemon.name, ready);
  };
  await Promise.all([
    // In turn: a registry that an older version started holds the gate's port until it is started anew.
    run(store, () => asksForAccount(`127.0.0.1:${NETWORK.registryStorePort}`)).then(() =>
      run(gate, () => asksForAccount(REGISTRY_HOST)),
    ),
    run(await containerd(machine, accounts.reader), async () => (await ctr(["version"])) !== ""),
    run(etcd(programs.etcd.bin), () =>
      answers(`https://127.0.0.1:${NETWORK.etcdPort}/health`, "etcd-client"),
    ),
  ]);
  const { bin } = programs.kubernetes;
  await run(apiServer(bin, await apiServerFiles()), () => answers(`${API_SERVER}/readyz`));
  await Promise.all([
    run(controllerManager(bin), () => answersLocally("https://127.0.0.1:10257/healthz")),
    run(scheduler(bin), () => answersLocally("https://127.0.0.1:10259/healthz")),
    run(await kubeProxy(bin), () => answersLocally("http://127.0.0.1:10256/livez")),
    run(
      await kubelet(bin, machine),
      async () =>
        (await answersLocally("http://127.0.0.1:10248/healthz")) &&
        (await answers(`${API_SERVER}/api/v1/nodes/${NODE_NAME}`)),
    ),
  ]);
  return started;
}

/** Waits until a daemon answers. Throws with its last log lines if it ends or does not answer within two minutes. */
async function untilReady(name: string, ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const alive = (await daemonPid(name)) !== undefined; // or something else on its port would answer for it
    if (alive && (await ready().catch(() => false))) return;
    if (!alive || Date.now() > deadline) {
      const log = await readFile(daemonLog(name), "utf8").catch(() => "");
      const tail = log.trimEnd().split("\n").slice(-10).join("\n");
      throw new Error(`${name} ${alive ? "does not answer" : "ended"} (log: ${daemonLog(name)})\n${tail}`);
    }
    await sleep(200);
  }
}

/** True if a server answers 200 to a request with the certificate of `client`. */
async function answers(url: string, client = "admin"): Promise<boolean> {
  return (await getAs(client, url)).status === 200;
}

/** True if a server on loopback answers 200. Its certificate is not verified, because no secret is sent. */
function answersLocally(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const sent = send(url, { rejectUnauthorized: false, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end();
  });
}

/** Whether a registry answers: 401 is the right answer to a request without credentials. */
async function asksForAccount(host: string): Promise<boolean> {
  const response = await fetch(`http://${host}/v2/`, { signal: AbortSignal.timeout(5000) });
  await response.body?.cancel();
  return response.status === 401;
}
