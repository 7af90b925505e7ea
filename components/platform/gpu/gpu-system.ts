import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { commonLabels } from "../kubernetes/labels.ts";

export interface GpuSystemArgs {
  /** @default gpu-system */
  namespace?: string;
  /** Namespace of the Prometheus that may read metrics. @default monitoring */
  scrapedFrom?: string;
}

/** Port on which metrics of GPUs are read. */
export const GPU_METRICS_PORT = 9400;

/**
 * The namespace of what tends GPUs. Pod Security is `privileged` there, and there alone: a device plugin mounts the
 * kubelet's own folder, and an exporter of metrics reads the driver as root with SYS_ADMIN, which no other level lets
 * through. Nothing else belongs in it, and no traffic goes in but reads of metrics, and none out.
 *
 * @example
 * const system = new GpuSystem("gpu-system", {}, { provider: cluster.provider });
 */
export class GpuSystem extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  /** Name of the namespace, known from the start. */
  readonly name: string;
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
    const child = { parent: this, deletedWith: this.resource };
    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { name: "default-deny", namespace: this.namespace, labels },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      child,
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
      child,
    );
    // Pods of a priority that keeps them on their nodes need a quota that lets them, outside kube-system.
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
      child,
    );
    this.registerOutputs({ namespace: this.namespace });
  }
}
