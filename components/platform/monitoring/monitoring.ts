import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import type { AlertRoutes } from "./alert-routes.ts";
import type { Environment } from "../environment.ts";
import type { AlertRulesOptions } from "./alert-rules.ts";
import { SLACK_URL_DIR } from "./alertmanager-config.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { podsOf, tcp } from "../kubernetes/network-rules.ts";
import { resources } from "../kubernetes/resources.ts";
import type { MetricsExporter } from "./metrics-exporter.ts";
import { prometheusProbes, serverPod, type ServerPodOptions } from "../kubernetes/server-pod.ts";
import { Prometheus } from "./prometheus.ts";
import type { Registry } from "../registry/registry.ts";

export interface MonitoringArgs {
  /** Environment in which Prometheus, Alertmanager and the Pushgateway run. */
  environment: Environment;
  /** Environments whose services are scraped and whose jobs may push metrics. */
  watched: readonly Environment[];
  /** Exporters outside of the environments that are scraped too. @default none */
  exporters?: readonly MetricsExporter[];
  registry: Registry;
  /** Images whose entry points are the programs with these names; that of `runtime` is `runtime/main.ts`. */
  images: Readonly<Record<"prometheus" | "alertmanager" | "pushgateway" | "runtime", pulumi.Input<string>>>;
  /** Services to scrape, and the objectives of their alerts. */
  alerts: AlertRulesOptions;
  /** Destination of the alerts. */
  routes: AlertRoutes;
  /** Days that metrics are kept; at least 1. @default 15 */
  retentionDays?: number;
  /** Size of Prometheus' volume in GiB; at least 1. @default 5 */
  storageGib?: number;
  /** Labels of the nodes that can mount the volume of Prometheus. @default - all nodes can */
  volumeNodes?: Readonly<Record<string, string>>;
  /** Seconds between scrapes and between evaluations of rules; at least 5. @default 15 */
  scrapeSeconds?: number;
}

/**
 * Creates Prometheus, Alertmanager, and the Pushgateway for the metrics of jobs, which may end before a scrape.
 *
 * @example
 * const monitoring = new Monitoring("monitoring", {
 *   environment, watched: [staging], registry, images, routes, alerts: { services: [] },
 * });
 */
export class Monitoring extends pulumi.ComponentResource {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  readonly pushgatewayUrl: string;
  /** Name of the environment in which it runs. */
  readonly environmentName: string;
  private readonly name: string;
  private readonly args: MonitoringArgs;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:monitoring:Monitoring", name, {}, opts);
    this.name = name;
    this.args = args;
    const { environment, watched, exporters, registry, images, alerts, routes } = args;
    const { retentionDays, storageGib, scrapeSeconds } = args;
    this.environmentName = environment.name;
    const alertmanager = `alertmanager.${environment.name}.svc:${PORT.alertmanager}`;
    const pushgateway = `pushgateway.${environment.name}.svc:${PORT.pushgateway}`;
    this.alertmanagerUrl = `http://${alertmanager}`;
    this.pushgatewayUrl = `http://${pushgateway}`;

    this.createNetworkPolicy();
    this.createServer("alertmanager", PORT.alertmanager, {
      args: [
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        `--web.listen-address=:${PORT.alertmanager}`,
        "--cluster.listen-address=", // a single instance has no peers
      ],
      volumes: {
        "/etc/alertmanager": { name: "config", configMap: { name: routes.configMap } },
        [SLACK_URL_DIR]: slackUrlVolume(routes),
        "/alertmanager": { name: "data", emptyDir: { sizeLimit: "64Mi" } }, // a restart loses the silences
      },
    });
    this.createServer("pushgateway", PORT.pushgateway, {
      args: [`--web.listen-address=:${PORT.pushgateway}`],
      volumes: {},
    });
    const prometheus = new Prometheus(
      `${name}-prometheus`,
      {
        environment,
        watched,
        exporters,
        registry,
        image: images.prometheus,
        runtimeImage: images.runtime,
        alertmanager,
        pushgateway,
        alerts,
        retentionDays,
        storageGib,
        volumeNodes: args.volumeNodes,
        scrapeSeconds,
      },
      { parent: this },
    );
    this.prometheusUrl = prometheus.url;
    const { prometheusUrl, alertmanagerUrl, pushgatewayUrl } = this;
    this.registerOutputs({ prometheusUrl, alertmanagerUrl, pushgatewayUrl });
  }

  /** Lets all pods of the environment talk to one another, and jobs of the watched environments push. */
  private createNetworkPolicy(): void {
    const { environment, watched } = this.args;
    new k8s.networking.v1.NetworkPolicy(
      `${this.name}-traffic`,
      {
        metadata: {
          name: "monitoring",
          namespace: environment.namespace,
          labels: commonLabels(this.name, "monitoring"),
        },
        spec: {
          podSelector: { matchLabels: { "app.kubernetes.io/component": "monitoring" } },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            { from: [podsOf(environment.name)] },
            { from: watched.map((target) => podsOf(target.name)), ports: tcp(PORT.pushgateway) },
          ],
          egress: [{ to: [podsOf(environment.name)] }],
        },
      },
      { parent: this, deletedWith: environment.resource },
    );
  }

  /** Creates a server without a volume: its ServiceAccount, Service and Deployment. */
  private createServer(
    server: "alertmanager" | "pushgateway",
    port: number,
    { args, volumes }: Pick<ServerPodOptions, "args" | "volumes">,
  ): void {
    const { environment, registry, images } = this.args;
    const labels = commonLabels(server, "monitoring");
    const selector = selectorLabels(server, "monitoring");
    const metadata = { name: server, namespace: environment.namespace, labels };
    const childOptions = { parent: this, deletedWith: environment.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${this.name}-${server}-account`,
      { metadata, automountServiceAccountToken: false },
      childOptions,
    );
    new k8s.core.v1.Service(
      `${this.name}-${server}-service`,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: { selector, ports: [{ name: "http", port, targetPort: "http" }] },
      },
      childOptions,
    );
    const spec = serverPod({
      name: server,
      image: images[server],
      args,
      port: { name: "http", number: port },
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      resources: resources({
        cpuRequestMillis: 10,
        cpuLimitMillis: 500,
        memoryMib: 128,
        memoryRequestMib: 32,
      }),
      volumes,
      probes: prometheusProbes("http"),
    });
    new k8s.apps.v1.Deployment(
      `${this.name}-${server}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          revisionHistoryLimit: 3,
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec },
        },
      },
      childOptions,
    );
  }
}

/**
 * Returns the volume with the URL of the webhook. Alertmanager reads the file for each message, so it starts without the Secret if
 * nobody has filled it yet, and sends messages soon after somebody has.
 */
function slackUrlVolume({ urlSecret, mayLackUrl }: AlertRoutes): k8s.types.input.core.v1.Volume {
  const secret = { secretName: urlSecret, defaultMode: 0o440 };
  return { name: "slack-url", secret: mayLackUrl ? { ...secret, optional: true } : secret };
}
