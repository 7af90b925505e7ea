import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

export interface ExistingClusterArgs {
  /** Path of a kubeconfig. @default - the file in KUBECONFIG, or ~/.kube/config */
  kubeconfig?: string;
  /** Context of the kubeconfig. @default - its current context */
  context?: string;
}

/**
 * A cluster that exists already. Creates only the Kubernetes provider for it.
 *
 * @example
 * const cluster = new ExistingCluster("cluster", { context: "team-a" });
 * new Environment("staging", { registryUrl }, { provider: cluster.provider });
 */
export class ExistingCluster extends pulumi.ComponentResource {
  readonly provider: k8s.Provider;

  constructor(name: string, args: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:ExistingCluster", name, {}, opts);
    const { kubeconfig, context } = args;
    this.provider = new k8s.Provider(
      `${name}-provider`,
      { kubeconfig, context, enableConfigMapMutable: true },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
