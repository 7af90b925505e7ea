import type { ProviderContext } from "../../provider.ts";
import type { PropertyMap } from "../../values/property-value.ts";
import { ApiError, isNotFound } from "./api-error.ts";
import { relinquish } from "./apply.ts";
import { timeoutOf } from "./await/readiness.ts";
import { waitUntilGone } from "./await/wait-until-gone.ts";
import { readLive } from "./deploy.ts";
import { pathOf } from "./discovery.ts";
import { explainRefusal } from "./explain-refusal.ts";
import { textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { annotation, parseId, toKubeObject, withNamespace } from "./kube-object.ts";
import { connected, managerFor } from "./session.ts";
import type { Session } from "./session.ts";
import { parseTypeToken } from "./tokens.ts";

/** Longest wait for a deletion in seconds, as in pulumi-kubernetes. */
const TIMEOUT_SECONDS = 300;
/** Kinds whose deletion is not waited for if `pulumi.com/skipAwait` is set. */
const SKIP_AWAIT = new Set(
  "Namespace Pod ReplicationController DaemonSet Deployment StatefulSet Job".split(" "),
);

/** Kinds that own no other objects: deleting them in the foreground would only wait for the garbage collector. */
const OWNS_NOTHING = new Set(
  (
    "ConfigMap Secret ServiceAccount Role RoleBinding ClusterRole ClusterRoleBinding NetworkPolicy LimitRange ResourceQuota " +
    "PodDisruptionBudget PriorityClass StorageClass PersistentVolume PersistentVolumeClaim HorizontalPodAutoscaler Ingress Namespace"
  ).split(" "),
);

function propagation(inputs: JsonObject, kind: string): string {
  const policy = annotation(inputs, "pulumi.com/deletionPropagationPolicy")?.toLowerCase();
  if (policy === "orphan") return "Orphan";
  return policy === "background" || (policy === undefined && OWNS_NOTHING.has(kind))
    ? "Background"
    : "Foreground";
}

/**
 * Deletes an object after its dependents and waits until it is gone. For a Patch resource, and for an object that Kubernetes never
 * deletes, such as the namespace `default`, it only gives up the fields that it owns.
 */
export async function deleteObject(
  session: Session,
  context: ProviderContext,
  id: string,
  inputs: PropertyMap,
  outputs: PropertyMap,
): Promise<void> {
  if (session.unreachable !== undefined && session.config.deleteUnreachable) {
    context.log(
      "warning",
      `${session.unreachable}; deleteUnreachable is set, so the resource is only forgotten`,
    );
    return;
  }
  const { api } = connected(session);
  const declared = toKubeObject(inputs);
  const token = parseTypeToken(context.type, textAt(declared, "kind"));
  const apiVersion = textAt(declared, "apiVersion") ?? token.apiVersion;
  const kind = await session.discovery.find(apiVersion, token.kind);
  if (kind === undefined) return; // its definition is gone, and all objects of the kind with it
  const { namespace, name } = parseId(id);
  const bare: JsonObject = { apiVersion, kind: token.kind, metadata: { name } };
  const object = withNamespace(bare, kind.namespaced ? (namespace ?? session.namespace) : undefined);
  const live = await readLive(session, kind, object, context.signal);
  if (live === undefined) return;
  try {
    if (token.patch)
      return await relinquish(api, kind, object, managerFor(context, declared, outputs), context.signal);
    const body = {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy: propagation(declared, token.kind),
    };
    await api.request("DELETE", pathOf(kind, object), { body, signal: context.signal });
  } catch (error) {
    if (isNotFound(error)) return;
    if (error instanceof ApiError && error.status === 403 && /may not be deleted/.test(error.message))
      return relinquish(api, kind, object, managerFor(context, declared, outputs), context.signal);
    throw explainRefusal(error, object);
  }
  if (annotation(declared, "pulumi.com/skipAwait") === "true" && SKIP_AWAIT.has(token.kind)) return;
  await waitUntilGone({
    uid: textAt(live, "metadata", "uid"),
    timeoutSeconds: timeoutOf(declared, context.timeoutSeconds, TIMEOUT_SECONDS),
    look: () => readLive(session, kind, object),
    context,
  });
}
