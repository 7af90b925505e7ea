import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../run-command.ts";
import { withoutClusterRules } from "./firewall-rules.ts";
import { CNI_NETWORK, NETWORK, PATHS } from "./layout.ts";
import { sysctlFile } from "./traces.ts";

/** Kernel settings that services and pods need. */
const SYSCTLS = {
  "net/ipv4/ip_forward": "1",
  "net/bridge/bridge-nf-call-iptables": "1",
} as const;

/** Creates the bridge, whose address the API server binds, and the CNI configuration that connects pods to it. */
export async function ensureNetwork(): Promise<void> {
  if ((await read(sysctlFile("net/bridge/bridge-nf-call-iptables"))) === undefined)
    await runCommand("modprobe", ["br_netfilter"]).catch(() => undefined); // the error below is clearer
  for (const [key, value] of Object.entries(SYSCTLS)) {
    if ((await read(sysctlFile(key))) === undefined)
      throw new Error(
        `the kernel setting ${key} is missing, so pods could not reach services: load its module (modprobe br_netfilter)`,
      );
    await writeFile(sysctlFile(key), value);
  }
  if (!(await linkExists())) await runCommand("ip", ["link", "add", NETWORK.bridge, "type", "bridge"]);
  await runCommand("ip", ["addr", "replace", `${NETWORK.node}/16`, "dev", NETWORK.bridge]);
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
    name: CNI_NETWORK,
    plugins: [
      { type: "bridge", bridge: NETWORK.bridge, isGateway: true, ipMasq: true, hairpinMode: true, ipam },
      { type: "portmap", capabilities: { portMappings: true } },
      { type: "firewall" }, // allows the pods' traffic on machines that forward nothing else, such as those with Docker
    ],
  };
}

/** Removes the bridge and the rules of kube-proxy, kubelet and CNI. */
export async function removeNetwork(): Promise<void> {
  if (await linkExists()) await runCommand("ip", ["link", "delete", NETWORK.bridge]);
  for (const family of ["iptables", "ip6tables"]) {
    const rules = await runCommand(`${family}-save`, []).catch(() => ""); // a kernel without IPv6 has no ip6tables
    const clean = withoutClusterRules(rules);
    if (clean !== undefined) await runCommand(`${family}-restore`, [], { input: clean });
  }
}

const read = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

async function linkExists(): Promise<boolean> {
  return runCommand("ip", ["link", "show", NETWORK.bridge]).then(
    () => true,
    () => false,
  );
}
