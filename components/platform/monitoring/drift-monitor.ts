import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { DriftEnv } from "../../../runtime/contract/env.ts";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "../features/online-store.ts";
import { atLeast } from "../kubernetes/at-least.ts";
import { createPodIdentity } from "../kubernetes/pod-identity.ts";
import { featureStoreEnv } from "../features/feature-store-env.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { identityEgress, podsOf, tcp } from "../kubernetes/network-rules.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod, type JobEnv } from "../kubernetes/runtime-container.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import type { Monitoring } from "./monitoring.ts";
import type { Registry } from "../registry/registry.ts";

export interface DriftMonitorArgs {
  environment: Environment;
  registry: Registry;
  featureStore: OnlineStore;
  /** Gets the metrics of each run. */
  monitoring: Monitoring;
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** Name of the service whose predictions are checked. */
  service: string;
  /** Reference of the served model, which contains the reference profile. */
  model: pulumi.Input<string>;
  /** Cloud identity of the pods. @default none */
  identity?: ServiceAccountIdentity;
  /** Name of the CronJob. @default - the component's name */
  jobName?: string;
  /** Minutes between runs; 1 to 30, a divisor of 60. @default 5 */
  intervalMinutes?: number;
  /** PSI from which a variable counts as drifted. @default - the job's: 0.25 */
  threshold?: number;
  /** Number of predictions below which no PSI is reported; at least 500. @default - the job's: 500 */
  minRows?: number;
  /** Number of the newest predictions that are checked; at least 500. @default - the job's: 5000 */
  windowRows?: number;
}

/**
 * Compares the newest predictions of a service with the reference profile of its model, in a CronJob whose runs never overlap.
 *
 * @example
 * new DriftMonitor("production-pushback-drift", {
 *   environment: production, registry, featureStore, monitoring, image, service: "pushback", model,
 * });
 */
export class DriftMonitor extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  readonly jobName: pulumi.Output<string>;

  constructor(name: string, args: DriftMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:drift:DriftMonitor", name, {}, opts);
    const { environment, registry, featureStore, monitoring, image, service, model, jobName = name } = args;
    const { identity, intervalMinutes = 5, threshold, minRows, windowRows } = args;
    if (![1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30].includes(intervalMinutes))
      throw new Error(
        `${name}: intervalMinutes must be a divisor of 60 from 1 to 30, got ${intervalMinutes}: use 5 or 15`,
      );
    if (minRows !== undefined) atLeast(500, minRows, `${name}: minRows`);
    if (windowRows !== undefined) atLeast(500, windowRows, `${name}: windowRows`);
    const { namespace } = environment;
    const labels = commonLabels(jobName, "drift");
    const metadata = { name: jobName, namespace, labels };
    const { account, childOptions, podOptions } = createPodIdentity(name, args, metadata, this);

    new k8s.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata: { ...metadata, name: `${jobName}-egress` },
        spec: {
          podSelector: { matchLabels: selectorLabels(jobName, "drift") },
          policyTypes: ["Egress"],
          egress: [
            ...featureStore.egress,
            { to: [podsOf(monitoring.environmentName)], ports: tcp(PORT.pushgateway) },
            ...identityEgress(identity),
          ],
        },
      },
      childOptions,
    );
    const env: JobEnv<DriftEnv> = {
      ...featureStoreEnv(featureStore.accessFrom(environment, "drift")),
      SLIPWAY_MODEL: model,
      SLIPWAY_ENVIRONMENT: environment.name,
      SLIPWAY_SERVICE: service,
      SLIPWAY_PUSHGATEWAY_URL: monitoring.pushgatewayUrl,
      SLIPWAY_DRIFT_THRESHOLD: threshold?.toString(),
      SLIPWAY_DRIFT_MIN_ROWS: minRows?.toString(),
      SLIPWAY_DRIFT_WINDOW_ROWS: windowRows?.toString(),
    };
    const pod = runtimePod({
      image,
      args: ["drift"],
      registry: registry.accessFrom(environment, "write"),
      serviceAccount: account.metadata.name,
      env,
      resources: resources({
        cpuRequestMillis: 50,
        cpuLimitMillis: 1000,
        memoryMib: 768,
        memoryRequestMib: 128,
      }),
      tmpMib: 256,
    });
    const cronJob = new k8s.batch.v1.CronJob(
      `${name}-job`,
      {
        metadata,
        spec: {
          schedule: `*/${intervalMinutes} * * * *`,
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 60,
          successfulJobsHistoryLimit: 2,
          failedJobsHistoryLimit: 2,
          jobTemplate: {
            metadata: { labels },
            spec: {
              backoffLimit: 0, // the next run comes soon
              activeDeadlineSeconds: 240,
              ttlSecondsAfterFinished: 3600,
              template: {
                metadata: { labels: { ...labels, ...identity?.podLabels } },
                spec: { ...pod, restartPolicy: "Never" },
              },
            },
          },
        },
      },
      podOptions,
    );
    this.jobName = cronJob.metadata.name;
    this.registerOutputs({ jobName: this.jobName });
  }
}
