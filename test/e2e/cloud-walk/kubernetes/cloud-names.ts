import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NETWORK, PATHS } from "../../../../local/cluster/layout.ts";
import type { Kubectl } from "./kubectl.ts";
import { apply } from "./kubectl.ts";

/** Lets pods resolve hosts of the cloud, as a network with a way out does. */
export async function resolveInPods(kubectl: Kubectl, hosts: readonly string[]): Promise<void> {
  const found = await kubectl([
    "--namespace=kube-system",
    "get",
    "configmap",
    "coredns",
    "--output=jsonpath={.data.Corefile}",
  ]);
  const entry = `  hosts {\n    ${NETWORK.node} ${hosts.join(" ")}\n    fallthrough\n  }\n`;
  const Corefile = found.replace("  kubernetes ", `${entry}  kubernetes `);
  await apply(kubectl, {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "coredns", namespace: "kube-system" },
    data: { Corefile },
  });
  await kubectl(["--namespace=kube-system", "rollout", "restart", "deployment/coredns"]);
  await kubectl(["--namespace=kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s"]);
}

/** Tells the container runtime of the node where a registry is, which authority it has, and the password of the nodes. */
export async function pullOnNode(host: string, authority: string, password: string): Promise<void> {
  const folder = join(PATHS.config(), "registries", host);
  const url = `https://${NETWORK.node}`;
  const basic = Buffer.from(`AWS:${password}`).toString("base64");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "hosts.toml"),
    `server = "${url}"

[host."${url}"]
  capabilities = ["pull", "resolve"]
  ca = "${authority}"
  [host."${url}".header]
    authorization = "Basic ${basic}"
`,
    { mode: 0o600 },
  );
}
