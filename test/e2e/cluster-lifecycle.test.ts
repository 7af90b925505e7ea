import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { Resolver } from "node:dns/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { clusterAddons, type AddonImages } from "../../local/cluster/cluster-addons.ts";
import { podProcesses } from "../../local/cluster/cgroup.ts";
import { clusterDown, strays } from "../../local/cluster/cluster-down.ts";
import { clusterStatus, DAEMONS } from "../../local/cluster/cluster-status.ts";
import { clusterUp, type Cluster } from "../../local/cluster/cluster-up.ts";
import { daemonPid } from "../../local/cluster/daemon.ts";
import { PATHS } from "../../local/cluster/layout.ts";
import { machineSnapshot, type MachineSnapshot } from "../../local/cluster/machine-snapshot.ts";
import { home } from "../../local/home.ts";
import { buildImages } from "../../local/images/build-images.ts";
import { lineProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";

const progress = lineProgress();
const foreign = existsSync(home()) || (await clusterStatus()).running;
if (foreign)
  console.warn(
    `${home()} holds a cluster that this test did not start: its life is not tested. npm run down`,
  );

/** A CoreDNS that asks the cluster's: its image is there anyway, it logs what it is asked, and it shows that pods reach services. */
const corefile = ".:1053 {\n  forward . 10.96.0.10\n  log\n}\n";
const probe = (image: string): object[] => [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "probe", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "probe", namespace: "probe" },
    data: { Corefile: corefile },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "probe", namespace: "probe" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  },
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "probe", namespace: "probe" },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "dns",
          image,
          args: ["-conf", "/etc/coredns/Corefile"],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [
            { name: "config", mountPath: "/etc/coredns" },
            { name: "data", mountPath: "/data" },
          ],
        },
      ],
      volumes: [
        { name: "config", configMap: { name: "probe" } },
        { name: "data", persistentVolumeClaim: { claimName: "probe" } },
      ],
    },
  },
];

describe.skipIf(foreign)("the life of the local cluster", () => {
  let folder: string;
  let before: MachineSnapshot;
  let cluster: Cluster;
  let images: AddonImages;
  const kubectl = (args: string[], input?: string): Promise<string> =>
    runCommand(cluster.kubectl, ["--kubeconfig", cluster.kubeconfig, ...args], { input, timeoutMs: 150_000 });
  const apply = (...items: object[]): Promise<string> =>
    kubectl(["apply", "--server-side", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  const execInProbe = (): Promise<string> =>
    kubectl(["-n", "probe", "exec", "probe", "--", "coredns", "-version"]);
  const pids = async (): Promise<Record<string, number | undefined>> =>
    Object.fromEntries(
      await Promise.all(DAEMONS.map(async (name) => [name, await daemonPid(name)] as const)),
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-lifecycle-"));
    before = await machineSnapshot();
    cluster = await clusterUp(progress);
    const { images: locked } = await buildImages(progress, {
      registry: cluster.registry,
      only: ["pause", "coredns"],
      lockFile: join(folder, "images.lock.json"),
    });
    const reference = (name: "pause" | "coredns"): string =>
      `${cluster.registry.host}/${locked[name]?.repository}@${locked[name]?.digest}`;
    images = { pause: reference("pause"), coredns: reference("coredns") };
    await clusterAddons(progress, cluster, images);
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await clusterDown(progress, { purge: false });
    await rm(folder, { recursive: true });
  });

  it("begins with every program running and the node ready", async () => {
    const status = await clusterStatus();
    expect(status).toMatchObject({ running: true, ready: true });
    expect(status.processes.filter(({ alive }) => !alive)).toEqual([]);
    expect(status.memoryMib).toBeGreaterThan(300);
  });

  it("lets only root read keys, kubeconfigs and the registry's password", async () => {
    const keys = (await readdir(PATHS.pki())).filter((name) => name.endsWith(".key"));
    expect(keys.length).toBeGreaterThan(5);
    const files = [
      ...keys.map((name) => join(PATHS.pki(), name)),
      cluster.kubeconfig,
      cluster.registry.authFile,
      join(PATHS.registry(), "htpasswd"),
    ];
    for (const file of files) expect((await stat(file)).mode & 0o077, file).toBe(0);
  });

  it("listens on loopback and the bridge alone", async () => {
    const running = new Set(Object.values(await pids()));
    const listeners = (await runCommand("ss", ["-Hltnp"]))
      .split("\n")
      .filter((line) => running.has(Number(/pid=(\d+)/.exec(line)?.[1])))
      .map((line) => line.split(/\s+/)[3] ?? "");
    expect(listeners.length).toBeGreaterThan(8);
    expect(listeners.filter((address) => !/^(127\.0\.0\.1|10\.88\.0\.1):\d+$/.test(address))).toEqual([]);
  });

  it("turns away whoever shows no credentials", async () => {
    expect(await statusOf("https://10.88.0.1:6443/api/v1/namespaces")).toBe(401);
    expect(await statusOf("https://10.88.0.1:10250/pods")).toBe(401);
    expect((await fetch(`${cluster.registry.url}/v2/_catalog`)).status).toBe(401);
  });

  it("runs a pod with a volume that resolves names, shows its log, and lets commands run in it", async () => {
    await apply(...probe(images.coredns));
    await kubectl(["-n", "probe", "wait", "--for=condition=Ready", "pod/probe", "--timeout=60s"]);
    const pod = JSON.parse(await kubectl(["-n", "probe", "get", "pod", "probe", "-o", "json"])) as {
      status: { podIP: string };
    };
    const resolver = new Resolver({ timeout: 2000, tries: 5 });
    resolver.setServers([`${pod.status.podIP}:1053`]);
    expect(await resolver.resolve4("kubernetes.default.svc.cluster.local")).toEqual(["10.96.0.1"]);
    expect(await kubectl(["-n", "probe", "logs", "probe"])).toContain("kubernetes.default.svc.cluster.local");
    expect(await execInProbe()).toContain("1.15.0");
    expect(await kubectl(["-n", "probe", "get", "pvc", "probe", "-o", "jsonpath={.status.phase}"])).toBe(
      "Bound",
    );
  });

  it("refuses a privileged pod where Pod Security is restricted", async () => {
    const privileged = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "privileged", namespace: "probe" },
      spec: { containers: [{ name: "a", image: images.pause, securityContext: { privileged: true } }] },
    };
    await expect(apply(privileged)).rejects.toThrow(/violates PodSecurity "restricted/);
  });

  it("goes on unchanged when it is started again", async () => {
    await clusterAddons(progress, cluster, images); // brings a volume for the one that the probe took
    const [ids, objects] = [
      await pids(),
      await kubectl(["get", "deployments,services,pv", "-A", "-o", "name"]),
    ];
    expect((await clusterUp(progress)).changed).toBe(false);
    await clusterAddons(progress, cluster, images);
    expect(await pids()).toEqual(ids);
    expect(await kubectl(["get", "deployments,services,pv", "-A", "-o", "name"])).toBe(objects);
  });

  // From the ground up: a controller manager that is starting ends where it finds no API server, so this is killed before it.
  it.each([...DAEMONS].reverse())(
    "gets %s back after a kill -9: that one alone, with all data and the same pods",
    async (name) => {
      const ofProbe = (path: string, ...kinds: string[]): Promise<string> =>
        kubectl(["-n", "probe", "get", ...kinds, "-o", `jsonpath={${path}}`]);
      const identity = (): Promise<string> =>
        ofProbe(".items[*].metadata.uid", "pod/probe", "configmap/probe", "pvc/probe");
      const [uids, ids] = [await identity(), await pids()];
      process.kill(ids[name] ?? 0, "SIGKILL");
      while ((await daemonPid(name)) !== undefined) await sleep(10);

      expect((await clusterUp(progress)).changed).toBe(true);
      const after = await pids();
      expect(after[name]).toBeDefined();
      expect({ ...after, [name]: ids[name] }).toEqual(ids);
      await kubectl(["wait", "--for=condition=Ready", "node/slipway", "--timeout=60s"]);
      expect(await identity()).toBe(uids);
      // A kubelet that has just started learns of its pods a moment later.
      await expect.poll(() => execInProbe().catch(String), { timeout: 20_000 }).toContain("1.15.0");
      expect(await ofProbe(".status.containerStatuses[0].restartCount", "pod/probe")).toBe("0");
    },
  );

  it("comes back after everything died at once, with all data, and starts its pods again", async () => {
    const configMap = ["-n", "probe", "get", "configmap/probe", "-o", "jsonpath={.metadata.uid}"];
    const uid = await kubectl(configMap);
    for (const pid of [...(await strays()), ...(await podProcesses())]) process.kill(pid, "SIGKILL");
    await runCommand("ip", ["link", "delete", "slipway0"]);
    await sleep(500);

    expect((await clusterUp(progress)).changed).toBe(true);
    await clusterAddons(progress, cluster, images);
    expect(await kubectl(configMap)).toBe(uid);
    await expect
      .poll(() => execInProbe().catch(String), { timeout: 90_000, interval: 1000 })
      .toContain("1.15.0");
    await expect
      .poll(async () => (await clusterStatus()).ready, { timeout: 90_000, interval: 1000 })
      .toBe(true);
  });

  it("ends, broken as it may be, and leaves the machine as it was", async () => {
    const ids = await pids();
    for (const name of ["etcd", "containerd"]) process.kill(ids[name] ?? 0, "SIGKILL");
    await clusterDown(progress, { purge: false });
    await sleep(1000); // the kernel takes namespaces and their links down in its own time
    expect(await machineSnapshot()).toEqual(before);
    expect(existsSync(home())).toBe(false);
    expect(await clusterStatus()).toMatchObject({ running: false, ready: false, memoryMib: 0 });
  });

  it("can be ended twice, and takes the caches along where that is asked for", async () => {
    vi.stubEnv("SLIPWAY_CACHE", join(folder, "cache"));
    await mkdir(join(folder, "cache", "tools"), { recursive: true });
    await clusterDown(progress, { purge: true });
    expect(await readdir(folder)).not.toContain("cache");
    expect(await machineSnapshot()).toEqual(before);
  });

  it("does not remove a cache folder that holds more than the cache", async () => {
    vi.stubEnv("HOME", join(folder, "user"));
    vi.stubEnv("SLIPWAY_CACHE", folder);
    await expect(clusterDown(progress, { purge: true })).rejects.toThrow(
      "holds more than slipway's own files",
    );
    expect(existsSync(folder)).toBe(true);
  });
});

/** Status of a request without credentials, or with a certificate that nobody issued. */
function statusOf(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { rejectUnauthorized: false, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject);
    sent.end();
  });
}
