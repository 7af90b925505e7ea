import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import { alertmanagerConfig, SLACK_URL_FILE } from "./alertmanager-config.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { commonLabels, selectorLabels, SKIP_AWAIT } from "../kubernetes/labels.ts";
import { anywhere, podsOf, tcp } from "../kubernetes/network-rules.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod } from "../kubernetes/runtime-container.ts";
import type { Registry } from "../registry/registry.ts";

export interface AlertRoutesArgs {
  /** Environment in which Alertmanager runs. */
  environment: Environment;
  /** URL of a Slack-compatible incoming webhook, a secret. Set exactly one of `slackUrl`, `slackUrlSecret` and `localReceiver`. @default none */
  slackUrl?: pulumi.Input<string>;
  /** Name of a Secret in the environment with the URL of the webhook under `url`. It may come later than Alertmanager. @default none */
  slackUrlSecret?: pulumi.Input<string>;
  /** Runs a receiver in the environment that shows the messages instead of Slack. @default none */
  localReceiver?: { registry: Registry; image: pulumi.Input<string> };
  /** Seconds that a new group waits for more alerts (`group_wait`); at least 0. @default 30 */
  groupWaitSeconds?: number;
  /** Minutes until a firing alert is sent again (`repeat_interval`); at least 5. @default 720 */
  repeatMinutes?: number;
}

/**
 * Configures where Alertmanager sends alerts: its routes, its inhibition rules and its receiver, with the webhook in a mounted Secret.
 *
 * @example
 * const routes = new AlertRoutes("alerts", { environment: monitoring, slackUrl: config.requireSecret("slackUrl") });
 */
export class AlertRoutes extends pulumi.ComponentResource {
  /** Name of the ConfigMap that holds `alertmanager.yml`. */
  readonly configMap: pulumi.Output<string>;
  /** Name of the Secret with the URL of the webhook under `url`. */
  readonly urlSecret: pulumi.Input<string>;
  /** Whether the Secret may be missing when Alertmanager starts: a person or an operator creates it, not this component. */
  readonly mayLackUrl: boolean;
  /** Base URL of the local receiver; undefined if there is none. */
  readonly receiverUrl: string | undefined;

  constructor(name: string, args: AlertRoutesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:alerts:AlertRoutes", name, {}, opts);
    const { environment, slackUrl, slackUrlSecret, localReceiver } = args;
    const { groupWaitSeconds = 30, repeatMinutes = 720 } = args;
    const receivers = [slackUrl, slackUrlSecret, localReceiver].filter((value) => value !== undefined);
    if (receivers.length !== 1)
      throw new Error(
        `${name}: exactly one of slackUrl, slackUrlSecret and localReceiver must be given, got ${receivers.length}`,
      );
    atLeast(0, groupWaitSeconds, `${name}: groupWaitSeconds`);
    atLeast(5, repeatMinutes, `${name}: repeatMinutes`);
    const { namespace } = environment;
    const labels = commonLabels(name, "alert-routes");
    const childOptions = { parent: this, deletedWith: environment.resource };

    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, labels },
        immutable: true,
        data: { "alertmanager.yml": alertmanagerConfig({ groupWaitSeconds, repeatMinutes }) },
      },
      childOptions,
    );
    this.configMap = config.metadata.name;
    this.receiverUrl =
      localReceiver && `http://${name}-receiver.${environment.name}.svc:${PORT.alertReceiver}`;
    this.mayLackUrl = slackUrlSecret !== undefined;
    if (slackUrlSecret !== undefined) this.urlSecret = slackUrlSecret;
    else {
      const url = slackUrl ?? `${this.receiverUrl}/`;
      const secret = new k8s.core.v1.Secret(
        `${name}-slack-url`,
        { metadata: { namespace, labels }, immutable: true, stringData: { [SLACK_URL_FILE]: url } },
        childOptions,
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
            egress: [{ to: [anywhere], ports: tcp(443) }], // any address, because a policy cannot contain the host name of the webhook
          },
        },
        childOptions,
      );
    else this.createReceiver(`${name}-receiver`, environment, localReceiver);
    this.registerOutputs({ configMap: this.configMap, receiverUrl: this.receiverUrl });
  }

  /** Creates the local receiver: one pod behind a Service. */
  private createReceiver(
    name: string,
    environment: Environment,
    { registry, image }: NonNullable<AlertRoutesArgs["localReceiver"]>,
  ): void {
    const labels = commonLabels(name, "alert-receiver");
    const selector = selectorLabels(name, "alert-receiver");
    const metadata = { name, namespace: environment.namespace, labels };
    const childOptions = { parent: this, deletedWith: environment.resource };
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      childOptions,
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
      childOptions,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: SKIP_AWAIT },
        spec: { selector, ports: [{ name: "http", port: PORT.alertReceiver, targetPort: "http" }] },
      },
      childOptions,
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
      childOptions,
    );
  }
}
