import type { ApiClient } from "./api-client.ts";
import { ApiError } from "./api-error.ts";
import type { ClusterReader } from "./await/verdict.ts";
import { resourcePath } from "./discovery.ts";
import type { Discovery } from "./discovery.ts";
import { objectsAt } from "./json-object.ts";

/** Reads objects for readiness rules. An absent or forbidden object reads as undefined: it explains less, but fails nothing. */
export function clusterReader(api: ApiClient, discovery: Discovery): ClusterReader {
  return {
    async get(apiVersion, kind, namespace, name) {
      const found = await discovery.find(apiVersion, kind);
      if (found === undefined) return undefined;
      return orUndefined(async () => (await api.request("GET", resourcePath(found, namespace, name))).body);
    },
    async list(apiVersion, kind, namespace, query = {}) {
      const found = await discovery.find(apiVersion, kind);
      if (found === undefined) return [];
      const path = resourcePath(found, namespace);
      const body = await orUndefined(
        async () => (await api.request("GET", path, { query: { ...query } })).body,
      );
      return objectsAt(body, "items").map((item) => ({ apiVersion, kind, ...item }));
    },
    async log(namespace, pod, container, { lines, previous }) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      const query = { container, tailLines: lines, previous, limitBytes: 16_384 };
      return (await orUndefined(async () => (await api.request("GET", path, { query })).text)) ?? "";
    },
  };
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}
