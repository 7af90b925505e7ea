import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import { commonLabels, scrapeAnnotations, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { identityEgress } from "../kubernetes/network-rules.ts";
import { createPodIdentity, type PodIdentity } from "../kubernetes/pod-identity.ts";
import { metricsServiceName } from "../monitoring/prometheus-config.ts";
import { inferencePod } from "./inference-pod.ts";
import {
  inferenceServiceSettings,
  type InferenceServiceArgs,
  type InferenceServiceSettings,
} from "./inference-service-args.ts";
import { createServiceAutoscaler } from "./service-autoscaler.ts";
import { callerRules } from "./service-callers.ts";

/** Seconds that a new pod is ready before an old one ends, so that the checks of a load balancer have found it. */
const GATEWAY_NOTICE_SECONDS = 20;

/**
 * Serves one model over the Open Inference Protocol: a Deployment with its Services, disruption budget, network policy and, if asked for, autoscaler. A rolling
 * update loses no request, because each new pod is ready before an old one drains.
 *
 * @see https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol
 * @example
 * const service = new InferenceService("staging-pushback", {
 *   environment: staging, registry, featureStore, image: registry.image("runtime"),
 *   model: "flight-delays/pushback/model@sha256:…", serviceName: "pushback", callers: [platform],
 * });
 */
export class InferenceService extends pulumi.ComponentResource {
  /** Base URL within the cluster. */
  readonly url: pulumi.Output<string>;
  /** `host:port` on the cluster's service network, which the nodes reach too. */
  readonly address: pulumi.Output<string>;
  private readonly name: string;
  private readonly settings: InferenceServiceSettings;
  private readonly selector: Record<string, string>;
  /** Metadata of every object that has the service's name. */
  private readonly metadata: {
    name: string;
    namespace: pulumi.Output<string>;
    labels: Record<string, string>;
  };
  private readonly podIdentity: PodIdentity;

  constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serving:InferenceService", name, {}, opts);
    this.name = name;
    this.settings = inferenceServiceSettings(name, args);
    const { serviceName } = this.settings;
    const { namespace } = args.environment;
    this.selector = selectorLabels(serviceName, "inference");
    this.metadata = { name: serviceName, namespace, labels: commonLabels(serviceName, "inference") };

    this.podIdentity = createPodIdentity(name, args, this.metadata, this);
    this.createNetworkPolicy();
    const service = this.createService();
    this.createMetricsService();
    this.createAutoscaler(this.createDeployment());
    this.createDisruptionBudget();

    this.url = pulumi.interpolate`http://${service.metadata.name}.${namespace}.svc:${PORT.inference}`;
    this.address = pulumi.interpolate`${service.spec.clusterIP}:${PORT.inference}`;
    this.registerOutputs({ url: this.url, address: this.address });
  }

  private createNetworkPolicy(): void {
    const { callers, gateway, featureStore, identity } = this.settings;
    new k8s.networking.v1.NetworkPolicy(
      `${this.name}-traffic`,
      {
        metadata: { ...this.metadata, name: `${this.metadata.name}-traffic` },
        spec: {
          podSelector: { matchLabels: this.selector },
          policyTypes: ["Ingress", "Egress"],
          ingress: callerRules(callers, gateway),
          egress: [...featureStore.egress, ...identityEgress(identity)],
        },
      },
      this.podIdentity.childOptions,
    );
  }

  /** Skips the wait for endpoints: there are none before the Deployment, and Pulumi waits for that. */
  private createService(): k8s.core.v1.Service {
    const hasKeys = this.settings.gateway?.apiKeysSecret !== undefined;
    const ports = [
      { name: "http", port: PORT.inference, targetPort: "http" },
      ...(hasKeys ? [{ name: "gateway", port: PORT.gateway, targetPort: "gateway" }] : []),
    ];
    return new k8s.core.v1.Service(
      `${this.name}-service`,
      {
        metadata: { ...this.metadata, annotations: SKIP_AWAIT },
        spec: { selector: this.selector, ports },
      },
      this.podIdentity.childOptions,
    );
  }

  /** Gives each pod an address, ready or not, because Prometheus scrapes each one. */
  private createMetricsService(): void {
    new k8s.core.v1.Service(
      `${this.name}-metrics`,
      {
        metadata: {
          ...this.metadata,
          name: metricsServiceName(this.metadata.name),
          annotations: SKIP_AWAIT,
        },
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector: this.selector,
          ports: [{ name: "metrics", port: PORT.metrics, targetPort: "metrics" }],
        },
      },
      this.podIdentity.childOptions,
    );
  }

  private createDeployment(): k8s.apps.v1.Deployment {
    const { account, podOptions } = this.podIdentity;
    const { replicas, autoscaling, identity, gateway } = this.settings;
    return new k8s.apps.v1.Deployment(
      `${this.name}-deployment`,
      {
        metadata: this.metadata,
        spec: {
          replicas,
          minReadySeconds: gateway === undefined ? undefined : GATEWAY_NOTICE_SECONDS,
          revisionHistoryLimit: 3,
          selector: { matchLabels: this.selector },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: {
            metadata: {
              labels: { ...this.metadata.labels, ...identity?.podLabels },
              annotations: scrapeAnnotations(PORT.metrics),
            },
            spec: inferencePod(this.settings, account.metadata.name, this.selector),
          },
        },
      },
      // The autoscaler, ours or another one, sets the number of pods.
      autoscaling === undefined ? podOptions : { ...podOptions, ignoreChanges: ["spec.replicas"] },
    );
  }

  private createAutoscaler(deployment: k8s.apps.v1.Deployment): void {
    const { autoscaling, replicas, cpuLimitMillis } = this.settings;
    if (autoscaling === undefined) return;
    const { external = false, ...scaling } = autoscaling;
    if (external) return;
    createServiceAutoscaler(
      `${this.name}-autoscaler`,
      { metadata: this.metadata, deployment, replicas, cpuLimitMillis, ...scaling },
      this.podIdentity.childOptions,
    );
  }

  private createDisruptionBudget(): void {
    new k8s.policy.v1.PodDisruptionBudget(
      `${this.name}-budget`,
      {
        metadata: this.metadata,
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: this.selector },
        },
      },
      this.podIdentity.childOptions,
    );
  }
}
