import type { ProviderContext } from "../../provider.ts";
import type { ApiClient } from "./api-client.ts";
import type { ClusterReader } from "./await/verdict.ts";
import { fieldManagerOf } from "./apply.ts";
import type { Discovery, ResourceKind } from "./discovery.ts";
import type { JsonObject } from "./json-object.ts";
import { annotation, apiVersionOf, kindOf, namespaceOf, withNamespace } from "./kube-object.ts";
import type { ProviderConfig } from "./provider-config.ts";
import type { PropertyMap } from "../../values/property-value.ts";

/** A configured connection to a cluster. */
export interface Connection {
  api: ApiClient;
  reader: ClusterReader;
}

/** A configured provider resource. */
export interface Session {
  config: ProviderConfig;
  /** Namespace of objects that name none. */
  namespace: string;
  discovery: Discovery;
  /** Absent in a preview whose kubeconfig is not known yet, and where the cluster may be unreachable. */
  connection: Connection | undefined;
  /** Why there is no connection, where one was tried. */
  unreachable: string | undefined;
  /** Waits for every kind by its conditions, not only for those with a rule. */
  awaitAll: boolean;
  /** How long to wait for a missing kind, in milliseconds: its definition may be new. */
  kindWaitMs: number;
  /** Takes declared fields back from people who changed them by hand. */
  takeBack: boolean;
}

/** Returns the connection. Throws, saying why, where there is none. */
export function connected(session: Session): Connection {
  if (session.connection !== undefined) return session.connection;
  throw new Error(session.unreachable ?? "kubernetes provider: its kubeconfig is not known yet");
}

/** Returns the field manager: the annotation `pulumi.com/patchFieldManager`, else the state's, else one made from the urn. */
export function managerFor(context: ProviderContext, object: JsonObject, outputs?: PropertyMap): string {
  const stored = outputs?.["__fieldManager"];
  return (
    annotation(object, "pulumi.com/patchFieldManager") ??
    (typeof stored === "string" && stored !== "" ? stored : fieldManagerOf(context.urn))
  );
}

export function isForced(session: Session, object: JsonObject): boolean {
  const given = annotation(object, "pulumi.com/patchForce");
  return given === undefined ? session.config.enablePatchForce : given === "true";
}

/** Sets the namespace of an object: none for a cluster-wide kind, the default one where the object names none. */
export function inAllowedNamespace(session: Session, kind: ResourceKind, object: JsonObject): JsonObject {
  return withNamespace(object, kind.namespaced ? (namespaceOf(object) ?? session.namespace) : undefined);
}

/** Looks up the kind of an object, and waits for it where the same run has just made its definition. Throws without a connection. */
export async function kindFor(
  session: Session,
  object: JsonObject,
  signal: AbortSignal,
): Promise<ResourceKind> {
  connected(session);
  return session.discovery.wait(apiVersionOf(object), kindOf(object), session.kindWaitMs, signal);
}
