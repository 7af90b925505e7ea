import {
  BatchV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1CronJob,
  type V1Job,
  type V1Pod,
} from "@kubernetes/client-node";
import { INPUTS_LABEL } from "./job-from-template.ts";
import { httpStatus, withRetries, type RetryOptions } from "./with-retries.ts";

/** Access to the Jobs of one namespace. */
export interface ClusterJobs {
  readonly namespace: string;
  /** Reads a CronJob. Throws where there is none of this name. */
  template(name: string): Promise<V1CronJob>;
  withInputs(hash: string): Promise<V1Job[]>;
  /** Creates a Job. Does nothing where a Job of this name exists already. */
  create(job: V1Job): Promise<void>;
  /** Reads a Job; undefined where it does not exist. */
  read(name: string): Promise<V1Job | undefined>;
  /** Returns the newest pod of a Job; undefined where it has none. */
  newestPod(job: string): Promise<V1Pod | undefined>;
  /** Returns the last lines of the log of a pod, or of one of its containers; empty where there are none. */
  logTail(pod: string, container?: string): Promise<string>;
}

const LOG_LINES = 20;

export function clusterJobs(kube: KubeConfig, namespace: string, options: RetryOptions = {}): ClusterJobs {
  const batch = kube.makeApiClient(BatchV1Api);
  const core = kube.makeApiClient(CoreV1Api);
  const ask = <T>(call: () => Promise<T>): Promise<T> => withRetries(call, options);
  return {
    namespace,
    template: (name) =>
      ask(() => batch.readNamespacedCronJob({ namespace, name })).catch((error: unknown) => {
        if (httpStatus(error) !== 404) throw error;
        throw new Error(`namespace ${namespace} has no template ${name}: npm run up puts it back`, {
          cause: error,
        });
      }),
    withInputs: async (hash) => {
      const labelSelector = `${INPUTS_LABEL}=${hash}`;
      return (await ask(() => batch.listNamespacedJob({ namespace, labelSelector }))).items;
    },
    create: async (body) => {
      try {
        await ask(() => batch.createNamespacedJob({ namespace, body }));
      } catch (error) {
        if (httpStatus(error) !== 409) throw error;
      }
    },
    read: (name) => ask(() => batch.readNamespacedJob({ namespace, name })).catch(absent),
    newestPod: async (job) => {
      const labelSelector = `batch.kubernetes.io/job-name=${job}`;
      const { items } = await ask(() => core.listNamespacedPod({ namespace, labelSelector }));
      return items.sort((a, b) => created(a) - created(b)).at(-1);
    },
    logTail: (pod, container) =>
      core
        .readNamespacedPodLog({
          namespace,
          name: pod,
          tailLines: LOG_LINES,
          ...(container === undefined ? {} : { container }),
        })
        .catch(() => ""),
  };
}

function absent(error: unknown): undefined {
  if (httpStatus(error) !== 404) throw error;
  return undefined;
}

const created = (pod: V1Pod): number => pod.metadata?.creationTimestamp?.getTime() ?? 0;
