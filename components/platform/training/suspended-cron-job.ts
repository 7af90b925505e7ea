import type { types } from "@pulumi/kubernetes";

/** Exit code of the runtime for wrong input, which no retry can fix. */
const BAD_INPUT = 2;

/** An eviction does not count as a retry, and wrong input is not retried. */
const retryPolicy: types.input.batch.v1.PodFailurePolicy = {
  rules: [
    { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
    { action: "FailJob", onExitCodes: { containerName: "runtime", operator: "In", values: [BAD_INPUT] } },
  ],
};

export interface SuspendedCronJobOptions {
  /** Seconds after which a running job fails. */
  deadlineSeconds: number;
  /** Pods that are started again after a failure. */
  retries: number;
  /** Labels of the jobs that are created from the template. */
  jobLabels: Record<string, string>;
  podLabels: Record<string, string>;
  pod: types.input.core.v1.PodSpec;
}

/** Returns the spec of a CronJob that never runs by itself: people and operations create Jobs from its template. */
export function suspendedCronJob({
  deadlineSeconds,
  retries,
  jobLabels,
  podLabels,
  pod,
}: SuspendedCronJobOptions): types.input.batch.v1.CronJobSpec {
  return {
    suspend: true,
    schedule: "@yearly", // Kubernetes requires a schedule; a suspended CronJob ignores it
    concurrencyPolicy: "Allow",
    jobTemplate: {
      metadata: { labels: jobLabels },
      spec: {
        backoffLimit: retries,
        activeDeadlineSeconds: deadlineSeconds,
        podFailurePolicy: retryPolicy,
        ttlSecondsAfterFinished: 24 * 3600,
        template: { metadata: { labels: podLabels }, spec: { ...pod, restartPolicy: "Never" } },
      },
    },
  };
}
