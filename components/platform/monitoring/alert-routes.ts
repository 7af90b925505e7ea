import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import { alertmanagerConfig, SLACK_URL_FILE } from "./alertmanager-config.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { anywhere, podsOf, tcp } from "../kubernetes/network-rules.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod } from "../kubernetes/runtime-container.ts";
import type { Registry } from "../registry/registry.ts";

export interface AlertRoutesArgs {
  /** Where Alertmanager runs. */
  environment: Environment;
  /** Slack-compatible incoming webhook, a secret. Set exactly one of this, `slackUrlSecret` and `localReceiver`. @default none */
  slackUrl?: pulumi.Input<string>;
  /** Name of a Secret in the environment, kept by something else, that holds the webhook's URL under `url`. @default none */
  slackUrlSecret?: pulumi.Input<string>;
  /** Runs a receiver in the environment that shows what Slack would have got. @default none */
  localReceiver?: { registry: Registry; image: pulumi.Input<string> };
  /** Time in seconds to wait for other alerts of a new group; at least 0. @default 30 */
  groupWaitSeconds?: number;
  /** Time in minutes before what still fires is said again; at least 5. @default 720 */
  repeatMinutes?: number;
}

/**
 * Where alerts go: the routing, inhibition and receiver of Alertmanager, with the webhook in a mounted Secret.
 *
 * @example
 * const routes = new AlertRoutes("alerts", { environment: monitoring, slackUrl: config.requireSecret("slackUrl") });
 */
export class AlertRoutes extends pulumi.ComponentResource {
  /** Name of the ConfigMap that holds `alertmanager.yml`. */
  readonly configMap: pulumi.Output<string>;
  /** Name of the Secret that holds the webhook's URL under `url`. */
  readonly urlSecret: pulumi.Input<string>;
  /** Base URL of the local receiver; undefined where alerts leave the cluster. */
  readonly receiverUrl: string | undefined;

  constructor(name: string, args: AlertRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:alerts:AlertRoutes", name, {}, opts);
    const { environment, slackUrl, slackUrlSecret, localReceiver } = args;
    const { groupWaitSeconds = 30, repeatMinutes = 720 } = args;
    const ways = [slackUrl, slackUrlSecret, localReceiver].filter((way) => way !== undefined).length;
    if (ways !== 1)
      throw new Error(
        `${name}: exactly one of slackUrl, slackUrlSecret and localReceiver must be given, got ${ways}`,
      );
    atLeast(0, groupWaitSeconds, `${name}: groupWaitSeconds`);
    atLeast(5, repeatMinutes, `${name}: repeatMinutes`);
    const { namespace } = environment;
    const labels = commonLabels(name, "alert-routes");
    const child = { parent: this, deletedWith: environment.resource };

    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, labels },
        immutable: true,
        data: { "alertmanager.yml": alertmanagerConfig({ groupWaitSeconds, repeatMinutes }) },
      },
      child,
    );
    this.configMap = config.metadata.name;
    this.receiverUrl =
      localReceiver && `http://${name}-receiver.${environment.name}.svc:${PORT.alertReceiver}`;
    if (slackUrlSecret !== undefined) this.urlSecret = slackUrlSecret;
    else {
      const url = slackUrl ?? `${this.receiverUrl}/`;
      const secret = new k8s.core.v1.Secret(
        `${name}-slack-url`,
        { metadata: { namespace, labels }, immutable: true, stringData: { [SLACK_URL_FILE]: url } },
        child,
      );
      this.urlSecret = secret.metadata.name;
    }
    if (localReceiver === undefined)
      new k8s.networking.v1.NetworkPolicy(
        `${name}-egress`,
        {
          metadata: { name: `${name}-egress`, namespace, labels },
          spec: {
            podSelector: { matchLabels: selectorLabels("alertmanager", "monitoring") },
            policyTypes: ["Egress"],
            egress: [{ to: [anywhere], ports: tcp(443) }], // the webhook: policies know no host names
          },
        },
        child,
      );
    else this.createReceiver(`${name}-receiver`, environment, localReceiver);
    this.registerOutputs({ configMap: this.configMap, receiverUrl: this.receiverUrl });
  }

  private createReceiver(
    name: string,
    environment: Environment,
    { registry, image }: NonNullable<AlertRoutesArgs["localReceiver"]>,
  ): void {
    const labels = commonLabels(name, "alert-receiver");
    const selector = selectorLabels(name, "alert-receiver");
    const metadata = { name, namespace: environment.namespace, labels };
    const child = { parent: this, deletedWith: environment.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-ingress`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: selector },
          policyTypes: ["Ingress"],
          ingress: [{ from: [podsOf(environment.name)], ports: tcp(PORT.alertReceiver) }],
        },
      },
      child,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector, ports: [{ name: "http", port: PORT.alertReceiver, targetPort: "http" }] },
      },
      child,
    );
    const health = { path: "/healthz", port: "http" };
    const pod = runtimePod({
      image,
      args: ["receive-alerts"],
      registry: registry.accessFrom(environment),
      serviceAccount: account.metadata.name,
      resources: resources({
        cpuRequestMillis: 10,
        cpuLimitMillis: 500,
        memoryMib: 256,
        memoryRequestMib: 64,
      }),
      container: {
        ports: [{ name: "http", containerPort: PORT.alertReceiver }],
        startupProbe: { httpGet: health, periodSeconds: 1, failureThreshold: 60 },
        readinessProbe: { httpGet: health, periodSeconds: 5 },
        livenessProbe: { httpGet: health, periodSeconds: 10, failureThreshold: 6 },
      },
    });
    new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: 1,
          revisionHistoryLimit: 3,
          selector: { matchLabels: selector },
          template: { metadata: { labels }, spec: pod },
        },
      },
      child,
    );
  }
}
