import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { JOB_NAMES, type JobName } from "../../../runtime/contract/job-template.ts";
import { PORT } from "../../../runtime/contract/port.ts";
import type { Environment } from "../environment.ts";
import type { OnlineStore } from "../features/online-store.ts";
import { createPodIdentity } from "../kubernetes/pod-identity.ts";
import { featureStoreEnv } from "../features/feature-store-env.ts";
import type { GpuRequest } from "../kubernetes/gpu-scheduling.ts";
import { over } from "../kubernetes/at-least.ts";
import { commonLabels, selectorLabels } from "../kubernetes/labels.ts";
import { identityEgress, podsOf, tcp } from "../kubernetes/network-rules.ts";
import { resources } from "../kubernetes/resources.ts";
import { runtimePod } from "../kubernetes/runtime-container.ts";
import type { ServiceAccountIdentity } from "../kubernetes/service-account-identity.ts";
import { createSourceAccess, type SourceAccess } from "./source-access.ts";
import { suspendedCronJob } from "./suspended-cron-job.ts";
import { trainingJobs } from "./training-jobs.ts";
import type { Registry } from "../registry/registry.ts";

export interface TrainingPipelineArgs {
  /** Environment in which the jobs run. */
  environment: Environment;
  /** Environments whose services the jobs may call, to validate them or to replay traffic. */
  targets: readonly Environment[];
  registry: Registry;
  featureStore: OnlineStore;
  /** Image whose entry point is `runtime/main.ts`. */
  image: pulumi.Input<string>;
  /** CPU that one job may use, in thousandths of a core. Training uses one thread per core. @default 2000 */
  cpuLimitMillis?: number;
  /** Memory that one job may use in MiB; at least 1024. @default 2048 */
  memoryMib?: number;
  /** GPUs of the `train` job. @default none */
  gpu?: GpuRequest;
  /** Cloud identity of the pods. @default none */
  identity?: ServiceAccountIdentity;
  /** How the job `fetch` reaches the sources of workloads. @default - the public Python package index */
  sources?: SourceAccess;
  /** Limit of the 99th percentile latency of a validated service, in milliseconds; over 0. @default 250 */
  validationP99Ms?: number;
  /** Requests per second that a validated service must reach; over 0. @default 50 */
  validationRequestsPerSecond?: number;
}

/**
 * Creates the template of each job of `runtime/contract/job-template.ts` as a suspended CronJob. To run a job, create a Job from its
 * template, as `kubectl create job --from=cronjob/training-train` does, and append flags to its arguments.
 *
 * @example
 * const training = new TrainingPipeline("training", { environment: platform, targets: [staging], registry, featureStore, image });
 */
export class TrainingPipeline extends pulumi.ComponentResource {
  /** Namespace of the templates. */
  readonly namespace: pulumi.Output<string>;
  /** Job → name of the CronJob that is its template. */
  readonly templates: Readonly<Record<JobName, pulumi.Output<string>>>;

  constructor(name: string, args: TrainingPipelineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:training:TrainingPipeline", name, {}, opts);
    const {
      environment,
      registry,
      featureStore,
      image,
      cpuLimitMillis = 2000,
      memoryMib = 2048,
      gpu,
      identity,
      sources = {},
      validationP99Ms = 250,
      validationRequestsPerSecond = 50,
    } = args;
    over(0, validationP99Ms, `${name}: validationP99Ms`);
    over(0, validationRequestsPerSecond, `${name}: validationRequestsPerSecond`);
    const validationFlags = [
      "--max-p99-ms",
      String(validationP99Ms),
      "--min-rps",
      String(validationRequestsPerSecond),
    ];
    const jobs = trainingJobs({ name, cpuLimitMillis, memoryMib });
    const { namespace } = environment;
    const labels = commonLabels(name, "training");
    const metadata = { name, namespace, labels };
    const { account, childOptions, podOptions } = createPodIdentity(name, args, metadata, this);
    // Several pipelines may share a namespace, so names and selectors contain the name of the component.
    const podsOfPipeline = { "app.kubernetes.io/component": "training", "app.kubernetes.io/instance": name };
    this.namespace = namespace;
    this.limitEgress(name, args, metadata, podsOfPipeline);
    const access = registry.accessFrom(environment, "write");
    const sourcePod = createSourceAccess(
      name,
      sources,
      {
        metadata: { namespace, labels },
        podLabels: { ...selectorLabels("fetch", "training"), ...podsOfPipeline },
        registryUrl: access.url,
      },
      childOptions,
    );
    const templates = JOB_NAMES.map((job): [JobName, pulumi.Output<string>] => {
      const { usesFeatureStore, deadlineSeconds, retries, tmpMib, ...quantities } = jobs[job];
      const podLabels = { ...commonLabels(job, "training"), ...podsOfPipeline };
      const pod = runtimePod({
        image,
        args: job === "validate" ? [job, ...validationFlags] : [job],
        registry: access,
        serviceAccount: account.metadata.name,
        env: {
          ...(usesFeatureStore ? featureStoreEnv(featureStore.accessFrom(environment, "training")) : {}),
          ...(job === "fetch" ? sourcePod.env : {}),
        },
        ...(job === "fetch" ? { mounts: sourcePod.mounts } : {}),
        resources: resources(quantities),
        ...(job === "train" && gpu !== undefined ? { gpu } : {}),
        tmpMib,
      });
      const cronJob = new k8s.batch.v1.CronJob(
        `${name}-${job}`,
        {
          metadata: { name: `${name}-${job}`, namespace, labels: podLabels },
          spec: suspendedCronJob({
            deadlineSeconds,
            retries,
            jobLabels: podLabels,
            podLabels: { ...podLabels, ...identity?.podLabels },
            pod,
          }),
        },
        podOptions,
      );
      return [job, cronJob.metadata.name];
    });
    this.templates = Object.fromEntries(templates) as Record<JobName, pulumi.Output<string>>;
    this.registerOutputs({ namespace: this.namespace, templates: this.templates });
  }

  /** Lets the pods of the pipeline reach the feature store, the services of the targets and the cloud's tokens, and nothing else. */
  private limitEgress(
    name: string,
    { environment, targets, featureStore, identity }: TrainingPipelineArgs,
    metadata: k8s.types.input.meta.v1.ObjectMeta,
    podLabels: Record<string, string>,
  ): void {
    new k8s.networking.v1.NetworkPolicy(
      `${name}-egress`,
      {
        metadata: { ...metadata, name: `${name}-egress` },
        spec: {
          podSelector: { matchLabels: podLabels },
          policyTypes: ["Egress"],
          egress: [
            ...featureStore.egress,
            { to: targets.map((target) => podsOf(target.name)), ports: tcp(PORT.inference) },
            ...identityEgress(identity),
          ],
        },
      },
      { parent: this, deletedWith: environment.resource },
    );
  }
}
