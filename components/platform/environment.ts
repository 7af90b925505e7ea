import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { atLeast } from "./kubernetes/at-least.ts";
import { commonLabels } from "./kubernetes/labels.ts";
import { podsOf, toUrl } from "./kubernetes/network-rules.ts";

export interface EnvironmentArgs {
  /** Base URL of the registry, which every pod may reach. */
  registryUrl: string;
  /** Total CPU that the pods may request, in thousandths of a core. @default 4000 */
  cpuRequestMillis?: number;
  /** Sum of the memory limits of the pods, in MiB. @default 16384 */
  memoryMib?: number;
  /** Greatest number of pods. @default 50 */
  pods?: number;
}

/** Version of the Pod Security standard. It is pinned so that an upgrade of the cluster changes no rule. */
const POD_SECURITY_VERSION = "v1.35";

/**
 * Creates a namespace that is closed by default: Pod Security `restricted`, no traffic except to DNS and the registry, a quota, and
 * default limits for containers that set none.
 *
 * @example
 * const staging = new Environment("staging", { registryUrl: "https://registry.example.com" });
 */
export class Environment extends pulumi.ComponentResource {
  /** Name of the component and of the namespace, as plain text. */
  readonly name: string;
  /** Name of the namespace as an output: what uses it is created after the namespace. */
  readonly namespace: pulumi.Output<string>;
  /** The namespace. Pass it as `deletedWith` to objects that Kubernetes deletes with the namespace. */
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
    const { namespace } = this;
    const metadata = { namespace, labels };
    const childOptions = { parent: this, deletedWith: this.resource };

    new k8s.networking.v1.NetworkPolicy(
      `${name}-default-deny`,
      {
        metadata: { ...metadata, name: "default-deny" },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      childOptions,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-dns-egress`,
      {
        metadata: { ...metadata, name: "dns-egress" },
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dnsEgress()] },
      },
      childOptions,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-registry-egress`,
      {
        metadata: { ...metadata, name: "registry-egress" },
        spec: { podSelector: {}, policyTypes: ["Egress"], egress: [toUrl(registryUrl)] },
      },
      childOptions,
    );
    new k8s.core.v1.ResourceQuota(
      `${name}-quota`,
      {
        metadata: { ...metadata, name: "quota" },
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
      childOptions,
    );
    new k8s.core.v1.LimitRange(
      `${name}-limits`,
      {
        metadata: { ...metadata, name: "limits" },
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
      childOptions,
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

/** Pods of the cluster that answer DNS: the server, and on GKE a cache on each node, to which the data plane redirects requests. */
const DNS_PODS = ["kube-dns", "node-local-dns"];

function dnsEgress(): k8s.types.input.networking.v1.NetworkPolicyEgressRule {
  return {
    to: DNS_PODS.map((app) => podsOf("kube-system", { "k8s-app": app })),
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
}
