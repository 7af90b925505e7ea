import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1Deployment,
  type V1Pod,
} from "@kubernetes/client-node";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import type { ServiceOutput } from "../../stacks/platform-outputs.ts";
import { isNotFound } from "../kubernetes-error.ts";
import type { ServiceStatus } from "./platform-status.ts";
import type { Problems } from "./problems.ts";
import { waitingReason } from "./waiting-reason.ts";

type Rollout = Pick<ServiceStatus, "answering" | "ready" | "readyReplicas" | "wantedReplicas" | "rollout">;

/** Reads the served versions from the pods of a service, and the wanted replicas from its Deployment. */
export async function serviceState(
  kube: KubeConfig,
  service: Pick<ServiceOutput, "name" | "namespace" | "digest">,
  { problems, fix }: { problems: Problems; fix: string },
): Promise<Rollout> {
  const { name, namespace } = service;
  const about = `service ${namespace}/${name}`;
  const unknown = { answering: [], ready: false, readyReplicas: 0, wantedReplicas: null, rollout: null };
  return problems.attempt({ about, fix }, unknown, async () => {
    const apps = kube.makeApiClient(AppsV1Api);
    const deployment = await apps.readNamespacedDeployment({ name, namespace }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    const core = kube.makeApiClient(CoreV1Api);
    const { items } = await core.listNamespacedPod({
      namespace,
      labelSelector: `app.kubernetes.io/name=${name}`,
    });
    const pods = items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
    const state = describeRollout(service.digest, deployment, pods);
    if (deployment === undefined)
      problems.add({ about, reason: "its Deployment is missing: it was deleted by hand", fix });
    if (state.rollout === null) return state;
    const log = await lastLogLine(core, pods.find(hasCrashed));
    return log === undefined ? state : { ...state, rollout: `${state.rollout}: ${log}` };
  });
}

/** Describes the progress of the pods with the wanted version. */
export function describeRollout(
  digest: string,
  deployment: V1Deployment | undefined,
  pods: readonly V1Pod[],
): Rollout {
  const answering = pods.filter(isReady).map(servedDigest);
  const readyReplicas = answering.length;
  const wantedReplicas = deployment === undefined ? null : (deployment.spec?.replicas ?? 1);
  const right = answering.filter((served) => served === digest).length;
  const ready = wantedReplicas !== null && right >= wantedReplicas && right === readyReplicas;
  const known = [...new Set(answering.filter((served) => served !== undefined))];
  const counts = { answering: known, ready, readyReplicas, wantedReplicas };
  if (ready || wantedReplicas === null) return { ...counts, rollout: null };
  // Pods of the wanted version give the reason; where there are none, any pod that waits.
  const unready = pods.filter((pod) => !isReady(pod));
  const reason = [...unready.filter((pod) => servedDigest(pod) === digest), ...unready]
    .map((pod) => waitingReason(pod))
    .find((found) => found !== undefined);
  const failed = deployment?.status?.conditions?.find(
    ({ type, status }) =>
      (type === "Progressing" && status === "False") || (type === "ReplicaFailure" && status === "True"),
  );
  const fault = reason ?? failed?.message;
  const phase = right === readyReplicas ? "starts" : `rolls out ${digest.slice(0, "sha256:".length + 12)}`;
  return { ...counts, rollout: fault === undefined ? phase : `${phase}, but fails: ${fault}` };
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false;
}

/** Returns the version that a pod was started with. Its server checks the digest before it is ready. */
function servedDigest({ spec }: V1Pod): string | undefined {
  const reference = spec?.containers
    .flatMap(({ env = [] }) => env)
    .find(({ name }) => name === "SLIPWAY_MODEL")?.value;
  if (reference === undefined) return undefined;
  try {
    return parseArtifactReference(reference).digest;
  } catch {
    return undefined; // a person changed the pod by hand
  }
}

function hasCrashed({ status }: V1Pod): boolean {
  return (
    status?.containerStatuses?.some(
      ({ state, lastState }) => (state?.terminated ?? lastState?.terminated) !== undefined,
    ) ?? false
  );
}

/** Reads the last line of a pod's log, the only place with the reason of a crash. */
async function lastLogLine(core: CoreV1Api, pod: V1Pod | undefined): Promise<string | undefined> {
  const { name, namespace } = pod?.metadata ?? {};
  if (name === undefined || namespace === undefined) return undefined;
  const request = { name, namespace, tailLines: 1 };
  const read = (previous: boolean): Promise<string> => core.readNamespacedPodLog({ ...request, previous });
  const line = await read(true)
    .catch(() => read(false))
    .catch(() => "");
  return line.trim() === "" ? undefined : logMessage(line.trim());
}

/** Returns the error in a line of the runtime's JSON log; other lines unchanged. */
export function logMessage(line: string): string {
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    for (const key of ["error", "message", "msg"]) if (typeof entry[key] === "string") return entry[key];
  } catch {
    // not one of the runtime's lines
  }
  return line.slice(0, 300);
}
