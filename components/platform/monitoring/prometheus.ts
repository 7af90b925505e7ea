import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { AlertRulesOptions } from "./alert-rules.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { prometheusFiles } from "./prometheus-files.ts";
import { prometheusPod } from "./prometheus-pod.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod } from "../kubernetes/runtime-container.ts";
import type { Registry } from "../registry/registry.ts";

const CONFIG_MAP = "prometheus";

export interface PrometheusArgs {
  /** Environment in which Prometheus runs. */
  environment: Environment;
  /** Environments whose services Prometheus scrapes. */
  watched: readonly Environment[];
  /** Exporters outside of the environments that are scraped too. @default none */
  exporters?: readonly MetricsExporter[];
  registry: Registry;
  /** Image whose entry point is `prometheus`. */
  image: pulumi.Input<string>;
  /** Image whose entry point is `runtime/main.ts`. Its job makes Prometheus read a changed configuration. */
  runtimeImage: pulumi.Input<string>;
  /** `host:port` of Alertmanager. */
  alertmanager: string;
  /** `host:port` of the Pushgateway. */
  pushgateway: string;
  /** Services to scrape, and the objectives of their alerts. */
  alerts: AlertRulesOptions;
  /** Days that metrics are kept; at least 1. @default 15 */
  retentionDays?: number;
  /** Size of the volume in GiB; at least 1. Metrics take at most nine tenths of it. @default 5 */
  storageGib?: number;
  /** Labels of the nodes that can mount the volume. @default - all nodes can */
  volumeNodes?: Readonly<Record<string, string>>;
  /** Seconds between scrapes and between evaluations of rules; at least 5. @default 15 */
  scrapeSeconds?: number;
}

/**
 * Creates one Prometheus. It finds the pods of each service by DNS, so it needs no access to the API server, and scrapes the Pushgateway
 * for the metrics of jobs.
 *
 * @example
 * new Prometheus("prometheus", { environment, watched: [staging], registry, image, runtimeImage, alertmanager, pushgateway, alerts });
 */
export class Prometheus extends pulumi.ComponentResource {
  /** Base URL within the cluster. */
  readonly url: string;

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:Prometheus", name, {}, opts);
    const { environment, registry, image } = args;
    const { retentionDays = 15, storageGib = 5, scrapeSeconds = 15 } = args;
    atLeast(1, retentionDays, `${name}: retentionDays`);
    atLeast(1, storageGib, `${name}: storageGib`);
    atLeast(5, scrapeSeconds, `${name}: scrapeSeconds`);
    const { namespace } = environment;
    const labels = commonLabels("prometheus", "monitoring");
    const selector = selectorLabels("prometheus", "monitoring");
    const metadata = { name: "prometheus", namespace, labels };
    const childOptions = { parent: this, deletedWith: environment.resource };
    this.url = `http://prometheus.${environment.name}.svc:${PORT.prometheus}`;

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      childOptions,
    );
    this.allowScrapes(name, args, labels, selector);
    const { config, fingerprint } = prometheusFiles({ ...args, scrapeSeconds });
    // The name is fixed and the content changes in place: the pod below keeps running and reads the new content on a reload.
    const configMap = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { ...metadata, name: CONFIG_MAP }, data: config },
      childOptions,
    );
    const volume = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      {
        // Some storage classes bind a claim only when the pod below uses it.
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${storageGib}Gi` } } },
      },
      childOptions,
    );
    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: { selector, ports: [{ name: "http", port: PORT.prometheus, targetPort: "http" }] },
      },
      childOptions,
    );
    const spec = prometheusPod({
      image,
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      configMap: configMap.metadata.name,
      volumeClaim: volume.metadata.name,
      retentionDays,
      storageGib,
      scrapeSeconds,
      nodeSelector: args.volumeNodes,
    });
    const server = new k8s.apps.v1.StatefulSet(
      `${name}-server`,
      {
        metadata,
        spec: {
          serviceName: service.metadata.name,
          replicas: 1,
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec },
        },
      },
      childOptions,
    );
    this.createReloadJob(name, args, account.metadata.name, fingerprint, {
      ...childOptions,
      dependsOn: [configMap, server],
    });
    this.registerOutputs({ url: this.url });
  }

  /** Lets Prometheus, and no other pod, reach the metrics of the watched environments; and lets it reach nothing but metrics. */
  private allowScrapes(
    name: string,
    { environment, watched, exporters = [] }: PrometheusArgs,
    labels: Record<string, string>,
    selector: Record<string, string>,
  ): void {
    for (const target of watched)
      new k8s.networking.v1.NetworkPolicy(
        `${name}-scrape-${target.name}`,
        {
          metadata: { name: "prometheus-scrape", namespace: target.namespace, labels },
          spec: {
            podSelector: {},
            policyTypes: ["Ingress"],
            ingress: [{ from: [podsOf(environment.name, selector)], ports: tcp(PORT.metrics) }],
          },
        },
        { parent: this, deletedWith: target.resource },
      );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata: { name: "prometheus-egress", namespace: environment.namespace, labels },
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Egress"],
          egress: [
            { to: watched.map((target) => podsOf(target.name)), ports: tcp(PORT.metrics) },
            ...exporters.map(({ namespace, port }) => ({ to: [podsOf(namespace)], ports: tcp(port) })),
          ],
        },
      },
      { parent: this, deletedWith: environment.resource },
    );
  }

  /** Creates a Job for each new configuration. The Job ends when the running server has loaded that configuration. */
  private createReloadJob(
    name: string,
    { environment, registry, runtimeImage }: PrometheusArgs,
    serviceAccount: pulumi.Input<string>,
    fingerprint: string,
    opts: pulumi.CustomResourceOptions,
  ): void {
    const labels = commonLabels("prometheus-reload", "monitoring");
    const pod = runtimePod({
      image: runtimeImage,
      args: ["reload-prometheus", "--url", this.url, "--fingerprint", fingerprint],
      registry: registry.accessFrom(environment),
      serviceAccount,
      resources: resources({
        cpuRequestMillis: 10,
        cpuLimitMillis: 500,
        memoryMib: 256,
        memoryRequestMib: 64,
      }),
    });
    new k8s.batch.v1.Job(
      `${name}-reload`,
      {
        metadata: { name: `prometheus-reload-${fingerprint}`, namespace: environment.namespace, labels },
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 600,
          template: { metadata: { labels }, spec: { ...pod, restartPolicy: "Never" } },
        },
      },
      opts,
    );
  }
}
