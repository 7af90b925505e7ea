import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { within } from "../kubernetes/at-least.ts";

export interface ServiceAutoscaling {
  /** Greatest number of pods; more than `replicas`, which is the least number. */
  maxReplicas: number;
  /** Use of CPU, in percent of the CPU limit of a pod, above which pods are added; 10 to 95. @default 70 */
  cpuPercent?: number;
  /**
   * Whether an autoscaler that you deploy yourself, such as KEDA with a metric of the server, sets the number of pods: then no autoscaler
   * is created. Not beside `cpuPercent`. @default false
   */
  external?: boolean;
}

const DEFAULT_CPU_PERCENT = 70;
/** Seconds of less load before pods are removed, so that a short pause removes none. */
const SCALE_DOWN_SECONDS = 300;

/** Throws for numbers that do not fit; `name` is the name of the component. */
export function checkAutoscaling(
  name: string,
  { maxReplicas, cpuPercent, external = false }: ServiceAutoscaling,
  replicas: number,
): void {
  if (external && cpuPercent !== undefined)
    throw new Error(
      `${name}: autoscaling.cpuPercent must be left out beside external, got ${cpuPercent}; your own autoscaler decides`,
    );
  within(10, 95, cpuPercent ?? DEFAULT_CPU_PERCENT, `${name}: autoscaling.cpuPercent`);
  if (!(maxReplicas > replicas))
    throw new Error(
      `${name}: autoscaling.maxReplicas must be more than replicas (${replicas}), got ${maxReplicas}`,
    );
}

export interface ServiceAutoscalerOptions extends Omit<ServiceAutoscaling, "external"> {
  /** Metadata of the autoscaler. */
  metadata: { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };
  /** Deployment whose pods it counts. */
  deployment: k8s.apps.v1.Deployment;
  /** Least number of pods. */
  replicas: number;
  /** CPU limit of each pod, in thousandths of a core. */
  cpuLimitMillis: number;
}

/**
 * Creates the autoscaler of a service. It compares the CPU that pods use with their limit and not, as is usual, with their request, which
 * is small for a service without load. The cluster must have metrics-server, as the clusters of clouds do.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 */
export function createServiceAutoscaler(
  name: string,
  options: ServiceAutoscalerOptions,
  opts: pulumi.CustomResourceOptions,
): k8s.autoscaling.v2.HorizontalPodAutoscaler {
  const { metadata, deployment, replicas, maxReplicas, cpuLimitMillis } = options;
  const { cpuPercent = DEFAULT_CPU_PERCENT } = options;
  const averageValue = `${Math.round((cpuLimitMillis * cpuPercent) / 100)}m`;
  return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
    name,
    {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name },
        minReplicas: replicas,
        maxReplicas,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "AverageValue", averageValue } },
          },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: SCALE_DOWN_SECONDS } },
      },
    },
    opts,
  );
}
