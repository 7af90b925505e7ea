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

/** Tells the container runtime of the node where a registry is, which authority it has, and the header by which the nodes pull. */
export async function pullOnNode({
  host,
  authority,
  authorization,
}: {
  host: string;
  authority: string;
  authorization: string;
}): Promise<void> {
  const folder = join(PATHS.config(), "registries", host);
  const url = `https://${NETWORK.node}`;
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "hosts.toml"),
    `server = "${url}"

[host."${url}"]
  capabilities = ["pull", "resolve"]
  ca = "${authority}"
  [host."${url}".header]
    authorization = "${authorization}"
`,
    { mode: 0o600 },
  );
}
