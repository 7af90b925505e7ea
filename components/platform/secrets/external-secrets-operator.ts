import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import { grantRights } from "../kubernetes/grant-rights.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { anywhere, identityEgress, podsOf, tcp, toUrl } from "../kubernetes/network-rules.ts";
import { restrictedContainer } from "../kubernetes/pod-security.ts";
import { resources } from "../kubernetes/resources.ts";
import { restrictedPodSpec } from "../kubernetes/runtime-container.ts";
import type { MetricsExporter } from "../monitoring/metrics-exporter.ts";
import type { Registry } from "../registry/registry.ts";
import { externalSecretsDefinitions } from "./external-secrets-definitions.ts";
import { externalSecretsRules } from "./external-secrets-rules.ts";

/** An environment with ExternalSecrets. */
export interface SecretsReader {
  environment: Environment;
  /** Service account that reads the stores: the `serviceAccount` of its `ExternalSecrets`. */
  serviceAccount: string;
}

export interface ExternalSecretsOperatorArgs {
  /** Environments with ExternalSecrets. Each gets a controller of its own. */
  readers: readonly SecretsReader[];
  registry: Registry;
  /** Image of External Secrets Operator by digest, version 2. */
  image: pulumi.Input<string>;
  /** URLs of stores at another port than 443, such as Vault's. @default none */
  storeUrls?: readonly string[];
  /** Whether the controller asks the node's metadata service for the name of its cluster, as on GKE. @default false */
  usesMetadataService?: boolean;
  /** Namespace of the Prometheus that may read metrics. @default monitoring */
  scrapedFrom?: string;
}

const APP = "external-secrets";
const HEALTH_PORT = 8082;
/** Ports at which API servers of clusters listen. A network policy sees the address behind the Service, not 443 of the Service. */
const API_SERVER_PORTS = [443, 6443];

/**
 * External Secrets Operator: its custom resource definitions, and a controller in each environment that has ExternalSecrets. A controller
 * watches only its own namespace, so no pod can read the Secrets of the whole cluster. There is no webhook: the definitions have one
 * version, which needs no conversion, and the controller reports an invalid store in its status.
 *
 * @example
 * const operator = new ExternalSecretsOperator("external-secrets", {
 *   readers: [{ environment: monitoring, serviceAccount: "monitoring-secrets" }],
 *   registry, image: registry.image("external-secrets"),
 * });
 * new ExternalSecrets("monitoring-secrets", { environment: monitoring, operator, … });
 * @see https://external-secrets.io/latest/api/controller-options/
 */
export class ExternalSecretsOperator extends pulumi.ComponentResource {
  /** Metrics of each controller, for Prometheus. */
  readonly metrics: readonly MetricsExporter[];
  private readonly name: string;
  private readonly args: ExternalSecretsOperatorArgs;
  private readonly definitions: readonly k8s.apiextensions.v1.CustomResourceDefinition[];
  /** Name of an environment → its controller. */
  private readonly controllers: ReadonlyMap<string, k8s.apps.v1.Deployment>;

  constructor(name: string, args: ExternalSecretsOperatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:secrets:ExternalSecretsOperator", name, {}, opts);
    this.name = name;
    this.args = args;
    const { readers } = args;
    this.definitions = Object.entries(externalSecretsDefinitions()).map(
      ([definition, spec]) =>
        new k8s.apiextensions.v1.CustomResourceDefinition(
          `${name}-${definition.split(".")[0] ?? definition}`,
          { metadata: { name: definition, labels: commonLabels(APP, "secrets") }, spec },
          { parent: this },
        ),
    );
    this.controllers = new Map(
      readers.map((reader) => [reader.environment.name, this.createController(reader)]),
    );
    this.metrics = readers.map(({ environment }) => ({
      name: `${APP}/${environment.name}`,
      namespace: environment.name,
      host: `${APP}.${environment.name}.svc`,
      port: PORT.metrics,
    }));
    this.registerOutputs({});
  }

  /**
   * Resources that objects of an environment need: the definitions before they are created, and the controller until they are deleted,
   * because it removes their finalizers. Throws if the environment has no controller.
   */
  neededBy(environment: Environment): pulumi.Resource[] {
    const controller = this.controllers.get(environment.name);
    if (controller === undefined)
      throw new Error(
        `${this.name}: readers must include ${environment.name}, got ${[...this.controllers.keys()].join(", ") || "none"}`,
      );
    return [...this.definitions, controller];
  }

  /** Creates the controller of one environment, with its rights and its network policy. */
  private createController({ environment, serviceAccount }: SecretsReader): k8s.apps.v1.Deployment {
    const {
      registry,
      image,
      storeUrls = [],
      usesMetadataService = false,
      scrapedFrom = "monitoring",
    } = this.args;
    const prefix = `${this.name}-${environment.name}`;
    const { namespace } = environment;
    const labels = commonLabels(APP, "secrets");
    const selector = selectorLabels(APP, "secrets");
    const metadata = { name: APP, namespace, labels };
    const childOptions = { parent: this, deletedWith: environment.resource };

    const account = new k8s.core.v1.ServiceAccount(
      `${prefix}-account`,
      { metadata, automountServiceAccountToken: false }, // the pod mounts it explicitly
      childOptions,
    );
    const rights = grantRights(
      prefix,
      { account, metadata, namespaceRules: externalSecretsRules([serviceAccount]) },
      childOptions,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${prefix}-traffic`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress", "Egress"],
          ingress: [{ from: [podsOf(scrapedFrom)], ports: tcp(PORT.metrics) }],
          egress: [
            { to: [anywhere], ports: tcp(...API_SERVER_PORTS) }, // the API server and the stores
            ...storeUrls.map(toUrl),
            ...identityEgress({ usesMetadataService }),
          ],
        },
      },
      childOptions,
    );
    new k8s.core.v1.Service(
      `${prefix}-metrics`,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: {
          clusterIP: "None",
          selector,
          ports: [{ name: "metrics", port: PORT.metrics, targetPort: "metrics" }],
        },
      },
      childOptions,
    );
    const health = (path: string): k8s.types.input.core.v1.HTTPGetAction => ({ path, port: "health" });
    return new k8s.apps.v1.Deployment(
      `${prefix}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1, // while it restarts, Secrets stay as they are
          revisionHistoryLimit: 3,
          strategy: { type: "Recreate" }, // without leader election, two controllers would write the same Secrets
          selector: { matchLabels: selector },
          template: {
            metadata: { labels },
            spec: {
              ...restrictedPodSpec(account.metadata.name, registry.accessFrom(environment)),
              automountServiceAccountToken: true,
              containers: [
                {
                  name: APP,
                  image,
                  args: [
                    `--namespace=${environment.name}`,
                    "--enable-cluster-store-reconciler=false",
                    "--enable-cluster-external-secret-reconciler=false",
                    "--enable-push-secret-reconciler=false",
                    "--enable-cluster-push-secret-reconciler=false",
                    `--metrics-addr=:${PORT.metrics}`,
                    `--live-addr=:${HEALTH_PORT}`,
                    "--zap-time-encoding=rfc3339",
                  ],
                  ports: [
                    { name: "metrics", containerPort: PORT.metrics },
                    { name: "health", containerPort: HEALTH_PORT },
                  ],
                  resources: resources({
                    cpuRequestMillis: 10,
                    cpuLimitMillis: 500,
                    memoryMib: 256,
                    memoryRequestMib: 64,
                  }),
                  securityContext: restrictedContainer,
                  readinessProbe: { httpGet: health("/readyz"), periodSeconds: 5 },
                  livenessProbe: { httpGet: health("/healthz"), periodSeconds: 10, failureThreshold: 6 },
                },
              ],
            },
          },
        },
      },
      // It must have its rights when it starts, and outlives the ExternalSecrets: `neededBy` orders that.
      { ...childOptions, dependsOn: [...this.definitions, ...rights] },
    );
  }
}
