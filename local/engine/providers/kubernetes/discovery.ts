import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "./api-client.ts";
import { isNotFound } from "./api-error.ts";
import { at, objectsAt, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { apiVersionOf, groupOf, kindOf, nameOf, namespaceOf } from "./kube-object.ts";

/** Where the objects of a kind live on the API server. */
export interface ResourceKind {
  apiVersion: string;
  kind: string;
  plural: string;
  namespaced: boolean;
}

/** Kinds without a namespace, for a plan that has no cluster to ask. */
const CLUSTER_SCOPED = new Set(
  (
    "Namespace Node PersistentVolume ClusterRole ClusterRoleBinding StorageClass PriorityClass IngressClass RuntimeClass " +
    "CustomResourceDefinition APIService CSIDriver CSINode VolumeAttachment FlowSchema PriorityLevelConfiguration " +
    "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy " +
    "ValidatingAdmissionPolicyBinding CertificateSigningRequest ClusterTrustBundle ComponentStatus"
  ).split(" "),
);

/** Returns the path of an object, or of the list of a kind where `name` is left out. */
export function resourcePath(kind: ResourceKind, namespace: string | undefined, name?: string): string {
  const root = kind.apiVersion.includes("/") ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${kind.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

export function pathOf(kind: ResourceKind, object: JsonObject): string {
  return resourcePath(kind, namespaceOf(object), nameOf(object));
}

/** Finds where kinds live, one request for each apiVersion, kept until a kind is missing. */
export class Discovery {
  readonly #api: ApiClient | undefined;
  readonly #groups = new Map<string, Promise<ResourceKind[]>>();
  /** Scopes of the kinds whose definitions the same run is going to make. */
  readonly #declared = new Map<string, boolean>();

  /** Without a client it knows only the scopes of Kubernetes' own kinds. */
  constructor(api: ApiClient | undefined) {
    this.#api = api;
  }

  /** Looks a kind up, asking again for one that was not there before. Undefined if the cluster does not serve it. */
  async find(apiVersion: string, kind: string): Promise<ResourceKind | undefined> {
    const known = (await this.#load(apiVersion)).find((entry) => entry.kind === kind);
    if (known !== undefined) return known;
    this.#groups.delete(apiVersion);
    return (await this.#load(apiVersion)).find((entry) => entry.kind === kind);
  }

  /** Like `find`, but waits for a kind whose definition was created a moment ago. Throws if it does not come. */
  async wait(apiVersion: string, kind: string, waitMs: number, signal: AbortSignal): Promise<ResourceKind> {
    const deadline = Date.now() + waitMs;
    for (;;) {
      const found = await this.find(apiVersion, kind);
      if (found !== undefined) return found;
      if (Date.now() >= deadline)
        throw new Error(
          `the cluster serves no kind ${kind} in ${apiVersion}; create its CustomResourceDefinition first (dependsOn), or correct apiVersion and kind`,
        );
      await sleep(500, undefined, { signal });
    }
  }

  /** Whether objects of a kind live in namespaces. A custom kind that nobody knows yet counts as namespaced. */
  async isNamespaced(apiVersion: string, kind: string): Promise<boolean> {
    const found = this.#api === undefined ? undefined : await this.find(apiVersion, kind);
    return (
      found?.namespaced ?? this.#declared.get(`${groupOf(apiVersion)}/${kind}`) ?? !CLUSTER_SCOPED.has(kind)
    );
  }

  /** Remembers the scope of the kind that a CustomResourceDefinition will bring. */
  declare(definition: JsonObject): void {
    if (
      kindOf(definition) !== "CustomResourceDefinition" ||
      groupOf(apiVersionOf(definition)) !== "apiextensions.k8s.io"
    )
      return;
    const [group, kind] = [textAt(definition, "spec", "group"), textAt(definition, "spec", "names", "kind")];
    this.#declared.set(`${group ?? ""}/${kind ?? ""}`, textAt(definition, "spec", "scope") !== "Cluster");
  }

  async #load(apiVersion: string): Promise<ResourceKind[]> {
    let loading = this.#groups.get(apiVersion);
    if (loading === undefined) {
      loading = this.#fetch(apiVersion);
      this.#groups.set(apiVersion, loading);
      loading.catch(() => this.#groups.delete(apiVersion));
    }
    return loading;
  }

  async #fetch(apiVersion: string): Promise<ResourceKind[]> {
    if (this.#api === undefined) return [];
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    try {
      const { body } = await this.#api.request("GET", path);
      return objectsAt(body, "resources")
        .filter((entry) => textAt(entry, "name")?.includes("/") === false)
        .map((entry) => ({
          apiVersion,
          kind: textAt(entry, "kind") ?? "",
          plural: textAt(entry, "name") ?? "",
          namespaced: at(entry, "namespaced") === true,
        }));
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }
}
