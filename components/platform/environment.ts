import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "./kubernetes/at-least.ts";
import { commonLabels } from "./kubernetes/labels.ts";
import { podsOf, toUrl } from "./kubernetes/network-rules.ts";

export interface EnvironmentArgs {
  /** Base URL of the registry: every pod may reach it. */
  registryUrl: string;
  /** CPU that all pods together may request, in thousandths of a core. @default 4000 */
  cpuRequestMillis?: number;
  /** Memory that all pods together may use. @default 16384 */
  memoryMib?: number;
  /** Pods at most. @default 50 */
  pods?: number;
}

/** Version of the Pod Security standard that is enforced, pinned so that an upgrade of the cluster moves nothing. */
const POD_SECURITY_VERSION = "v1.35";

/**
 * A namespace that is closed until something opens it: Pod Security `restricted`, no traffic in or out but to DNS and
 * to the registry, a quota, and limits for containers that name none.
 *
 * @example
 * const staging = new Environment("staging", { registryUrl: "https://registry.example.com" });
 */
export class Environment extends pulumi.ComponentResource {
  /** Name of the namespace, known from the start: the same as the component's. */
  readonly name: string;
  /** Name of the namespace, known once it is there. */
  readonly namespace: pulumi.Output<string>;
  /** Pass it as `deletedWith`: what lives in the namespace goes with it. */
  readonly resource: k8s.core.v1.Namespace;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:environment:Environment", name, {}, opts);
    const { registryUrl, cpuRequestMillis = 4000, memoryMib = 16384, pods = 50 } = args;
    atLeast(1, cpuRequestMillis, `${name}: cpuRequestMillis`);
    atLeast(1, memoryMib, `${name}: memoryMib`);
    atLeast(1, pods, `${name}: pods`);
    this.name = name;
    const labels = commonLabels(name, "environment");
    this.resource = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name, labels: { ...labels, ...podSecurity() } } },
      { parent: this },
    );
    this.namespace = this.resource.metadata.name;
    const metadata = (
      suffix: string,
    ): { name: string; namespace: pulumi.Output<string>; labels: typeof labels } => ({
      name: suffix,
      namespace: this.namespace,
      labels,
    });
    const child = { parent: this, deletedWith: this.resource };

    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: metadata("default-deny"),
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-dns-egress`,
      {
        metadata: metadata("dns-egress"),
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dnsEgress()] },
      },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-registry-egress`,
      {
        metadata: metadata("registry-egress"),
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [toUrl(registryUrl)] },
      },
      child,
    );
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      {
        metadata: metadata("quota"),
        spec: {
          hard: {
            "requests.cpu": `${cpuRequestMillis}m`,
            "limits.memory": `${memoryMib}Mi`,
            pods: String(pods),
            "services.loadbalancers": "0",
            "services.nodeports": "0",
          },
        },
      },
      child,
    );
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: metadata("limits"),
        spec: {
          limits: [
            {
              type: "Container",
              defaultRequest: { cpu: "10m", memory: "64Mi" },
              default: { cpu: "500m", memory: "256Mi" },
            },
          ],
        },
      },
      child,
    );
    this.registerOutputs({ namespace: this.namespace });
  }
}

function podSecurity(): Record<string, string> {
  const modes = ["enforce", "audit", "warn"];
  return Object.fromEntries(
    modes.flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, "restricted"],
      [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
    ]),
  );
}

function dnsEgress(): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
  return {
    to: [podsOf("kube-system", { "k8s-app": "kube-dns" })],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
}
