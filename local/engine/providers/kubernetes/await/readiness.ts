import type { JsonObject } from "../json-object.ts";
import { annotation, apiVersionOf, groupOf, kindOf } from "../kube-object.ts";
import { judgeByConditions, judgeDefinition, judgeQuota } from "./definitions.ts";
import { judgeIngress, judgeService } from "./network.ts";
import { judgeClaim, judgeVolume } from "./storage.ts";
import type { ClusterReader, Verdict } from "./verdict.ts";
import { parseWaitFor } from "./wait-for.ts";
import {
  judgeDaemonSet,
  judgeDeployment,
  judgeJob,
  judgePod,
  judgeReplicaSet,
  judgeStatefulSet,
} from "./workloads.ts";

/** Judges an object as it is now. `first` is the object as it was when the wait began. */
export type Judge = (
  object: JsonObject,
  reader: ClusterReader,
  first: JsonObject,
) => Verdict | Promise<Verdict>;

export interface Readiness {
  judge: Judge;
  /** The default timeout, as in pulumi-kubernetes. */
  timeoutSeconds: number;
}

const BY_KIND: Record<string, Readiness> = {
  "apps/Deployment": {
    judge: (object, _reader, first) => judgeDeployment(object, first),
    timeoutSeconds: 600,
  },
  "apps/StatefulSet": { judge: judgeStatefulSet, timeoutSeconds: 600 },
  "apps/DaemonSet": { judge: judgeDaemonSet, timeoutSeconds: 600 },
  "apps/ReplicaSet": { judge: judgeReplicaSet, timeoutSeconds: 600 },
  "batch/Job": { judge: judgeJob, timeoutSeconds: 600 },
  "/Pod": { judge: judgePod, timeoutSeconds: 600 },
  "/Service": { judge: judgeService, timeoutSeconds: 600 },
  "networking.k8s.io/Ingress": { judge: judgeIngress, timeoutSeconds: 600 },
  "/PersistentVolumeClaim": { judge: judgeClaim, timeoutSeconds: 300 },
  "/PersistentVolume": { judge: judgeVolume, timeoutSeconds: 300 },
  "/ResourceQuota": { judge: judgeQuota, timeoutSeconds: 60 },
  "apiextensions.k8s.io/CustomResourceDefinition": { judge: judgeDefinition, timeoutSeconds: 300 },
};

/**
 * Returns the rule by which an applied object counts as ready; undefined if it is not waited for. `pulumi.com/skipAwait` turns waiting off,
 * `pulumi.com/waitFor` replaces the rule of the kind. Kinds without a rule are not waited for unless `awaitAll` is set,
 * which reads their conditions (pulumi-kubernetes' PULUMI_K8S_AWAIT_ALL).
 */
export function readinessOf(object: JsonObject, awaitAll: boolean): Readiness | undefined {
  if (annotation(object, "pulumi.com/skipAwait") === "true") return undefined;
  const known = BY_KIND[`${groupOf(apiVersionOf(object))}/${kindOf(object)}`];
  const waitFor = annotation(object, "pulumi.com/waitFor");
  const timeoutSeconds = known?.timeoutSeconds ?? 600;
  if (waitFor !== undefined) return { judge: parseWaitFor(waitFor), timeoutSeconds };
  return known ?? (awaitAll ? { judge: judgeByConditions, timeoutSeconds } : undefined);
}

/** Returns the time to wait in seconds: the operation's own, else the annotation `pulumi.com/timeoutSeconds`, else the kind's. */
export function timeoutOf(
  object: JsonObject,
  operationSeconds: number | undefined,
  kindSeconds: number,
): number {
  if (operationSeconds !== undefined && operationSeconds > 0) return operationSeconds;
  const text = annotation(object, "pulumi.com/timeoutSeconds");
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : kindSeconds;
}
