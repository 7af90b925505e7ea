import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ServingEnv } from "../../../runtime/contract/env.ts";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "../features/online-store.ts";
import { atLeast, within } from "../kubernetes/at-least.ts";
import { drainLifecycle } from "./drain.ts";
import { podIdentity } from "../kubernetes/pod-identity.ts";
import { featureStoreEnv } from "../features/feature-store-env.ts";
import type { GpuRequest } from "../kubernetes/gpu-scheduling.ts";
import { commonLabels, scrapeAnnotations, selectorLabels } from "../kubernetes/labels.ts";
import { identityEgress, podsOf, tcp } from "../kubernetes/network-rules.ts";
import { metricsServiceName } from "../monitoring/prometheus-config.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod, type Env } from "../kubernetes/runtime-container.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import { servingProbes } from "./serving-probes.ts";
import { spreadOver } from "./spread.ts";
import type { Registry } from "../registry/registry.ts";

export interface InferenceServiceArgs {
  environment: Environment;
  registry: Registry;
  featureStore: OnlineStore;
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** Reference of the model: `<repository>@sha256:<64 hex digits>`, in the same registry. */
  model: pulumi.Input<string>;
  /** Name of the Kubernetes Service and of all that belongs to it. @default - the component's name */
  serviceName?: string;
  /** Environments whose pods may call the service. @default none */
  callers?: readonly Environment[];
  /** Pods kept running; at least 1. @default 2, so that one may drain */
  replicas?: number;
  /** CPU set aside per pod, in thousandths of a core. @default 100 */
  cpuRequestMillis?: number;
  /** CPU that one pod may use, in thousandths of a core. @default 1000 */
  cpuLimitMillis?: number;
  /** Memory per pod in MiB; at least 256. @default 768 */
  memoryMib?: number;
  /** GPUs per pod: a rolling update needs room for one pod more. @default none */
  gpu?: GpuRequest;
  /** Identity of the pods in the cloud. @default none */
  identity?: ServiceAccountIdentity;
  /** Share of predictions that are logged for drift, 0 to 1. @default - the server's: all */
  logSample?: number;
  /** Predictions kept in the log at most; at least 1. @default - the server's: 50000 */
  logMaxEntries?: number;
  /** Seconds from SIGTERM in which the server finishes what it was asked; at least 0. @default 10 */
  drainSeconds?: number;
}

/**
 * Serves one model over the Open Inference Protocol: a Deployment, its Service, a disruption budget, and the traffic
 * that it needs. Rolls without a failed request: a new pod is ready before an old one drains.
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
  /** `host:port` on the cluster's service network; a node reaches it too. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serving:InferenceService", name, {}, opts);
    const { environment, registry, featureStore, image, model, serviceName = name, callers = [] } = args;
    const { replicas = 2, cpuRequestMillis = 100, cpuLimitMillis = 1000, memoryMib = 768 } = args;
    const { gpu, identity, logSample, logMaxEntries, drainSeconds = 10 } = args;
    atLeast(1, replicas, `${name}: replicas`);
    atLeast(256, memoryMib, `${name}: memoryMib`);
    atLeast(0, drainSeconds, `${name}: drainSeconds`);
    if (logSample !== undefined) within(0, 1, logSample, `${name}: logSample`);
    if (logMaxEntries !== undefined) atLeast(1, logMaxEntries, `${name}: logMaxEntries`);

    const { namespace } = environment;
    const labels = commonLabels(serviceName, "inference");
    const selector = selectorLabels(serviceName, "inference");
    const metadata = { name: serviceName, namespace, labels };
    const { account, childOptions, podOptions } = podIdentity(name, {
      parent: this,
      environment,
      metadata: metadata,
      identity,
      featureStore,
    });
    const { terminationGracePeriodSeconds, lifecycle } = drainLifecycle(drainSeconds);

    new k8s.networking.v1.NetworkPolicy(
      `${name}-traffic`,
      {
        metadata: { ...metadata, name: `${serviceName}-traffic` },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress", "Egress"],
          ingress: callers.map((caller) => ({ from: [podsOf(caller.name)], ports: tcp(PORT.inference) })),
          egress: [...featureStore.egress, ...identityEgress(identity)],
        },
      },
      childOptions,
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        // Waiting for endpoints would wait for the pods below; the Deployment is what is waited for.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector, ports: [{ name: "http", port: PORT.inference, targetPort: "http" }] },
      },
      childOptions,
    );
    new k8s.core.v1.Service(
      `${name}-metrics`,
      {
        metadata: {
          ...metadata,
          name: metricsServiceName(serviceName),
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        // One address per pod, ready or not: Prometheus asks each.
        spec: {
          clusterIP: "None",
          publishNotReadyAddresses: true,
          selector,
          ports: [{ name: "metrics", port: PORT.metrics, targetPort: "metrics" }],
        },
      },
      childOptions,
    );
    const env: Env<Exclude<keyof ServingEnv, "SLIPWAY_REGISTRY" | "DOCKER_CONFIG" | "SLIPWAY_REVISION">> = {
      ...featureStoreEnv(featureStore.accessFrom(environment, "server")),
      SLIPWAY_MODEL: model,
      SLIPWAY_ENVIRONMENT: environment.name,
      SLIPWAY_SERVICE: serviceName,
      SLIPWAY_LOG_SAMPLE: logSample?.toString(),
      SLIPWAY_LOG_MAX_ENTRIES: logMaxEntries?.toString(),
      SLIPWAY_DRAIN_SECONDS: String(drainSeconds),
    };
    const pod = runtimePod({
      image,
      args: ["serve"],
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      env,
      resources: resources({
        cpuRequestMillis,
        cpuLimitMillis,
        memoryMib,
        memoryRequestMib: Math.ceil(memoryMib / 3),
      }),
      gpu,
      container: {
        ports: [
          { name: "http", containerPort: PORT.inference },
          { name: "metrics", containerPort: PORT.metrics },
        ],
        lifecycle,
        ...servingProbes("metrics"),
      },
      tmpMib: 256, // the model, while it is pulled and verified
    });
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas,
          revisionHistoryLimit: 3,
          selector: { matchLabels: selector },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          template: {
            metadata: {
              labels: { ...labels, ...identity?.podLabels },
              annotations: scrapeAnnotations(PORT.metrics),
            },
            spec: { ...pod, terminationGracePeriodSeconds, topologySpreadConstraints: spreadOver(selector) },
          },
        },
      },
      podOptions,
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-budget`,
      {
        metadata,
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: selector },
        },
      },
      childOptions,
    );
    this.url = pulumi.interpolate`http://${service.metadata.name}.${namespace}.svc:${PORT.inference}`;
    this.address = pulumi.interpolate`${service.spec.clusterIP}:${PORT.inference}`;
    this.registerOutputs({ url: this.url, address: this.address });
  }
}
