import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../run-command.ts";
import { home } from "../home.ts";
import { NETWORK, PATHS } from "./layout.ts";

/** Kernel settings that services and pods need. */
const SYSCTLS = {
  "/proc/sys/net/ipv4/ip_forward": "1",
  "/proc/sys/net/bridge/bridge-nf-call-iptables": "1",
} as const;
const savedSysctls = (): string => home("cluster", "sysctls.json");

/** Makes the bridge, before the API server binds its address, and the CNI configuration that puts pods on it. */
export async function ensureNetwork(): Promise<void> {
  await saveSysctls();
  for (const [file, value] of Object.entries(SYSCTLS)) {
    if ((await read(file)) === undefined)
      throw new Error(
        `${file} is missing: load the kernel's br_netfilter module, or pods do not reach services`,
      );
    await writeFile(file, value);
  }
  if (!(await linkExists())) {
    await runCommand("ip", ["link", "add", NETWORK.bridge, "type", "bridge"]);
    await runCommand("ip", ["addr", "add", `${NETWORK.node}/16`, "dev", NETWORK.bridge]);
  }
  await runCommand("ip", ["link", "set", NETWORK.bridge, "up"]);
  await mkdir(PATHS.cni(), { recursive: true });
  await writeFile(join(PATHS.cni(), "10-slipway.conflist"), JSON.stringify(cniConfig(), null, 2) + "\n");
}

export function cniConfig(): unknown {
  const ipam = {
    type: "host-local",
    ranges: [[{ subnet: NETWORK.pods, rangeStart: "10.88.1.0", gateway: NETWORK.node }]],
    routes: [{ dst: "0.0.0.0/0" }],
    dataDir: join(PATHS.cni(), "networks"),
  };
  return {
    cniVersion: "0.4.0",
    name: "slipway",
    plugins: [
      { type: "bridge", bridge: NETWORK.bridge, isGateway: true, ipMasq: true, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

/** Takes the bridge, the rules of kube-proxy, kubelet and CNI, and the kernel settings back. */
export async function removeNetwork(): Promise<void> {
  if (await linkExists()) await runCommand("ip", ["link", "delete", NETWORK.bridge]);
  for (const family of ["iptables", "ip6tables"]) await removeRules(family);
  const saved = await read(savedSysctls());
  if (saved === undefined) return;
  for (const [file, value] of Object.entries(JSON.parse(saved) as Record<string, string>))
    await writeFile(file, value).catch(() => undefined); // the bridge module may be gone by now
}

async function removeRules(family: string): Promise<void> {
  const rules = await runCommand(`${family}-save`, []).catch(() => ""); // a kernel without IPv6 has no ip6tables
  const clean = withoutClusterRules(rules);
  if (clean !== undefined) await runCommand(`${family}-restore`, [], { input: clean });
}

/**
 * What `iptables-save` printed, without the chains and rules of the cluster; undefined if there are none.
 * Only the tables that had some are kept, for restoring a table replaces all of it.
 */
export function withoutClusterRules(saved: string): string | undefined {
  const ours = /(^:|[\s"'])(KUBE-|CNI-)|slipway0|(-s|-d) 10\.88\.0\.0\/16/;
  const tables = saved
    .split(/(?=^\*)/m)
    .filter((table) => table.startsWith("*") && table.split("\n").some((line) => ours.test(line)));
  if (tables.length === 0) return undefined;
  return tables
    .map((table) =>
      table
        .split("\n")
        .filter((line) => !ours.test(line))
        .join("\n"),
    )
    .join("");
}

async function saveSysctls(): Promise<void> {
  if ((await read(savedSysctls())) !== undefined) return;
  const found: Record<string, string> = {};
  for (const file of Object.keys(SYSCTLS)) {
    const value = await read(file);
    if (value !== undefined) found[file] = value.trim();
  }
  await mkdir(dirname(savedSysctls()), { recursive: true });
  await writeFile(savedSysctls(), JSON.stringify(found));
}

const read = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

async function linkExists(): Promise<boolean> {
  return runCommand("ip", ["link", "show", NETWORK.bridge]).then(
    () => true,
    () => false,
  );
}
