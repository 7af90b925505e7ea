import { NETWORK } from "../../../../local/cluster/layout.ts";
import { apply, type Kubectl } from "./kubectl.ts";

/** Hosts of the cloud that pods resolve, as a network with a way out does: all to the address of the node. */
export class PodNames {
  readonly #kubectl: Kubectl;
  readonly #hosts = new Set<string>();
  /** The file of CoreDNS without hosts of the cloud. */
  #plain: string | undefined;
  #last = Promise.resolve();

  constructor(kubectl: Kubectl) {
    this.#kubectl = kubectl;
  }

  /** Adds hosts, one call after the other. */
  async add(...hosts: readonly string[]): Promise<void> {
    this.#last = this.#last.then(() => this.#write(hosts));
    await this.#last;
  }

  async #write(hosts: readonly string[]): Promise<void> {
    const kubectl = this.#kubectl;
    for (const host of hosts) this.#hosts.add(host);
    this.#plain ??= await kubectl([
      ...["--namespace=kube-system", "get", "configmap", "coredns"],
      "--output=jsonpath={.data.Corefile}",
    ]);
    const entry = `  hosts {\n    ${NETWORK.node} ${[...this.#hosts].join(" ")}\n    fallthrough\n  }\n`;
    await apply(kubectl, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "coredns", namespace: "kube-system" },
      data: { Corefile: this.#plain.replace("  kubernetes ", `${entry}  kubernetes `) },
    });
    await kubectl(["--namespace=kube-system", "rollout", "restart", "deployment/coredns"]);
    await kubectl(["--namespace=kube-system", "rollout", "status", "deployment/coredns", "--timeout=120s"]);
  }
}
