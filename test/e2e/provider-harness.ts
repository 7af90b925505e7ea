import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { ApiClient } from "../../local/engine/providers/kubernetes/api-client.ts";
import type { JsonObject } from "../../local/engine/providers/kubernetes/json-object.ts";
import { loadKubeconfig } from "../../local/engine/providers/kubernetes/kubeconfig.ts";
import { kubernetesProvider } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import type { KubernetesProviderOptions } from "../../local/engine/providers/kubernetes/kubernetes-provider.ts";
import { forProvider } from "../../local/engine/values/values.ts";
import { PartialFailure } from "../../local/engine/provider.ts";
import type { Provider, ProviderContext } from "../../local/engine/provider.ts";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import { startTestCluster } from "./local-cluster.ts";

/** A deployed resource, as the engine would keep it. */
export interface Deployed {
  type: string;
  name: string;
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

export const testCluster = await startTestCluster();
export const { kubeconfig } = testCluster.cluster;
export const api = new ApiClient(loadKubeconfig({ kubeconfig }), {});

export const namespace = `provider-test-${randomBytes(3).toString("hex")}`;
export const provider: Provider = kubernetesProvider({ kubeconfig });
export const messages: string[] = [];

export function contextOf(type: string, name: string): ProviderContext {
  const urn = `urn:pulumi:test::${namespace}::${type}::${name}`;
  const log = (_severity: string, message: string): unknown => messages.push(message);
  return {
    urn,
    type,
    name,
    signal: new AbortController().signal,
    status: (text) => messages.push(text),
    log,
  };
}

/** Inputs as the engine would hand them to the provider: checked, and without the marks of secrets. */
export async function check(
  type: string,
  name: string,
  news: PropertyMap,
  olds?: PropertyMap,
): Promise<PropertyMap> {
  const options = { randomSeed: Buffer.from(namespace), preview: false };
  const { inputs, failures } = await provider.check(contextOf(type, name), olds, news, options);
  expect(failures).toEqual([]);
  return forProvider(inputs);
}

export async function create(
  type: string,
  name: string,
  news: PropertyMap,
  by = provider,
): Promise<Deployed> {
  const inputs = await check(type, name, news);
  const { id, outputs } = await by.create(contextOf(type, name), inputs, { preview: false });
  return { type, name, id, inputs, outputs };
}

export async function diff(
  old: Deployed,
  news: PropertyMap,
  ignoreChanges: string[] = [],
): ReturnType<Provider["diff"]> {
  const inputs = await check(old.type, old.name, news, old.inputs);
  const options = { ignoreChanges, preview: false };
  return provider.diff(contextOf(old.type, old.name), old.id, old.inputs, old.outputs, inputs, options);
}

export async function update(
  old: Deployed,
  news: PropertyMap,
  ignoreChanges: string[] = [],
  { by = provider, preview = false }: { by?: Provider; preview?: boolean } = {},
): Promise<Deployed> {
  const inputs = await check(old.type, old.name, news, old.inputs);
  const options = { ignoreChanges, preview };
  const context = contextOf(old.type, old.name);
  const { outputs } = await by.update(context, old.id, old.inputs, old.outputs, inputs, options);
  return { ...old, inputs, outputs };
}

export function previewUpdate(old: Deployed, news: PropertyMap, by = provider): Promise<Deployed> {
  return update(old, news, [], { by, preview: true });
}

/** The resource as a refresh leaves it. */
export async function refresh(old: Deployed): Promise<Deployed> {
  const context = contextOf(old.type, old.name);
  const found = await provider.read(context, old.id, old.inputs, forProvider(old.outputs));
  if (found === undefined) throw new Error(`${old.id} is gone`);
  return { ...old, inputs: forProvider(found.inputs), outputs: found.outputs };
}

/** Changes replicas as `kubectl scale` does. */
export async function scale(name: string, replicas: number, manager = "kubectl"): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/scale`;
  const body = { spec: { replicas } };
  await api.request("PATCH", path, {
    query: { fieldManager: manager },
    body,
    contentType: "application/merge-patch+json",
  });
}

export function remove(old: Deployed): Promise<void> {
  return provider.delete(contextOf(old.type, old.name), old.id, old.inputs, old.outputs);
}

export async function live(path: string): Promise<JsonObject> {
  return (await api.request("GET", path)).body;
}

/** A second provider on the same cluster. */
export async function configured(
  config: PropertyMap,
  options: KubernetesProviderOptions = {},
): Promise<Provider> {
  const second = kubernetesProvider({ kubeconfig, ...options });
  await second.configure(config, false);
  return second;
}

/** Applies as somebody else would. */
export async function applyAs(manager: string, path: string, body: JsonObject): Promise<void> {
  const query = { fieldManager: manager, force: true };
  await api.request("PATCH", path, {
    query,
    body,
    contentType: "application/apply-patch+yaml",
  });
}

export async function failureOf(promise: Promise<unknown>): Promise<PartialFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PartialFailure);
  return error as PartialFailure;
}

export const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
/** Annotation by which the provider does not wait until an object is ready. */
export const SKIP_AWAIT = { "pulumi.com/skipAwait": "true" };
export const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;

/** What the namespace's Pod Security asks of every pod. */
export const restricted = {
  runAsNonRoot: true,
  runAsUser: 65532,
  seccompProfile: { type: "RuntimeDefault" },
};
export const confined = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

export function deployment(
  name: string,
  container: PropertyMap,
  podSpec: PropertyMap = {},
  seconds = 8,
): PropertyMap {
  const labels = { app: name };
  const containers = [{ name: "app", securityContext: confined, ...container }];
  return {
    metadata: { name, namespace, annotations: { "pulumi.com/timeoutSeconds": String(seconds) } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { securityContext: restricted, containers, ...podSpec } },
    },
  };
}
