import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { home } from "../home.ts";
import { CNI_NETWORK } from "./layout.ts";

/** Kernel settings that the cluster changes: our own, and those that the kubelet requires. */
const SYSCTLS = [
  "net/ipv4/ip_forward",
  "net/bridge/bridge-nf-call-iptables",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
] as const;
/** Paths that are fixed in the kubelet and cannot be moved below our own folder. */
const KUBELET_FOLDERS = ["/var/lib/kubelet/device-plugins", "/var/log/containers"];
/** Path that is fixed in containerd, whatever its state folder is. */
const SHIM_SOCKETS = "/run/containerd/s";
/** Path that is fixed in buildah for root: a cache of the layers that registries have. buildah creates it again when needed. */
const BUILDAH_CACHE = "/var/lib/containers/cache";
/** Records of CNI plugins about each sandbox and network. */
const CNI_RESULTS = "/var/lib/cni/results";

export const sysctlFile = (key: string): string => `/proc/sys/${key}`;

const beforeSchema = z.object({ sysctls: z.record(z.string(), z.string()), absent: z.array(z.string()) });
const file = (): string => home("cluster", "before.json");

/** Records the machine's settings and folders once, before the cluster's first start. */
export async function rememberMachine(): Promise<void> {
  if ((await read(file())) !== undefined) return;
  const sysctls: Record<string, string> = {};
  for (const key of SYSCTLS) {
    const value = await read(sysctlFile(key));
    if (value !== undefined) sysctls[key] = value.trim();
  }
  const absent: string[] = [];
  for (const folder of KUBELET_FOLDERS)
    if ((await readdir(folder).catch(() => undefined)) === undefined) absent.push(folder);
  await mkdir(dirname(file()), { recursive: true, mode: 0o700 });
  await writeFile(`${file()}.partial`, JSON.stringify({ sysctls, absent }));
  await rename(`${file()}.partial`, file());
}

/** Reverts the changes that the cluster's programs made outside of our folders. The programs must have ended. */
export async function removeTraces(): Promise<void> {
  const saved = await read(file());
  if (saved !== undefined) {
    const { sysctls, absent } = beforeSchema.parse(JSON.parse(saved));
    for (const [key, value] of Object.entries(sysctls))
      await writeFile(sysctlFile(key), value).catch(() => undefined); // the kernel module may be unloaded
    for (const folder of absent) await rm(folder, { recursive: true, force: true });
  }
  for (const socket of await deadShimSockets()) await rm(socket, { force: true });
  for (const name of await readdir(BUILDAH_CACHE).catch(() => []))
    if (name.startsWith("blob-info-cache-")) await rm(join(BUILDAH_CACHE, name), { force: true });
  const results = await readdir(CNI_RESULTS).catch(() => []);
  const sandboxes = results.flatMap(
    (name) => new RegExp(`^${CNI_NETWORK}-([0-9a-f]{64})-`).exec(name)?.[1] ?? [],
  );
  for (const name of results)
    if (sandboxes.some((id) => name.includes(id))) await rm(join(CNI_RESULTS, name), { force: true });
  // Other programs share these folders: only empty ones are removed.
  for (const folder of [
    SHIM_SOCKETS,
    dirname(SHIM_SOCKETS),
    CNI_RESULTS,
    dirname(CNI_RESULTS),
    "/var/lib/kubelet",
    BUILDAH_CACHE,
    dirname(BUILDAH_CACHE),
  ])
    await rmdir(folder).catch(() => undefined);
}

/** Returns sockets that shims left behind: nothing listens on them, so another containerd does not use them either. */
async function deadShimSockets(): Promise<string[]> {
  const open = (await readFile("/proc/net/unix", "utf8")).split("\n").map((line) => line.split(" ").at(-1));
  const sockets = (await readdir(SHIM_SOCKETS).catch(() => [])).map((name) => join(SHIM_SOCKETS, name));
  return sockets.filter((socket) => !open.includes(socket));
}

const read = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);
