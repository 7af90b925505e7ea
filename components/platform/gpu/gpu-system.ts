import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { commonLabels } from "../kubernetes/labels.ts";

export interface GpuSystemArgs {
  /** Name of the namespace that it creates. @default gpu-system */
  namespace?: string;
  /** Namespace of the Prometheus that may read metrics. @default monitoring */
  scrapedFrom?: string;
}

/** Port of the metrics of GPUs. */
export const GPU_METRICS_PORT = 9400;

/**
 * Creates the namespace of the GPU add-ons. It is the only namespace with Pod Security `privileged`: a device plugin mounts a folder of
 * the kubelet, and the exporter of metrics reads the driver as root with SYS_ADMIN, which no other level allows. Put nothing else into it.
 * Only scrapes of metrics may enter it, and no traffic may leave it.
 *
 * @example
 * const system = new GpuSystem("gpu-system", {}, { provider: cluster.provider });
 */
export class GpuSystem extends pulumi.ComponentResource {
  /** Name of the namespace as an output: what uses it is created after the namespace. */
  readonly namespace: pulumi.Output<string>;
  /** Name of the namespace, as plain text. */
  readonly name: string;
  /** The namespace. Pass it as `deletedWith` to objects that Kubernetes deletes with the namespace. */
  readonly resource: k8s.core.v1.Namespace;

  constructor(name: string, args: GpuSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:gpu:GpuSystem", name, {}, opts);
    const { namespace = "gpu-system", scrapedFrom = "monitoring" } = args;
    this.name = namespace;
    const labels = commonLabels(namespace, "gpu");
    this.resource = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: namespace,
          labels: {
            ...labels,
            "pod-security.kubernetes.io/enforce": "privileged",
            "pod-security.kubernetes.io/audit": "restricted",
          },
        },
      },
      { parent: this },
    );
    this.namespace = this.resource.metadata.name;
    const childOptions = { parent: this, deletedWith: this.resource };
    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace: this.namespace, labels },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      childOptions,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-scrape`,
      {
        metadata: { name: "prometheus-scrape", namespace: this.namespace, labels },
        spec: {
          podSelector: {},
          policyTypes: ["Ingress"],
          ingress: [{ from: [podsOf(scrapedFrom)], ports: tcp(GPU_METRICS_PORT) }],
        },
      },
      childOptions,
    );
    // Outside of kube-system, Kubernetes admits pods with a critical priority only under a quota that allows it.
    new k8s.core.v1.ResourceQuota(
      `${name}-critical`,
      {
        metadata: { name: "critical-pods", namespace: this.namespace, labels },
        spec: {
          hard: { pods: "10000" },
          scopeSelector: {
            matchExpressions: [
              { scopeName: "PriorityClass", operator: "In", values: ["system-node-critical"] },
            ],
          },
        },
      },
      childOptions,
    );
    this.registerOutputs({ namespace: this.namespace });
  }
}
