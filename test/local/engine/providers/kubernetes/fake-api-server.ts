import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiClient } from "../../../../../local/engine/providers/kubernetes/api-client.ts";
import { clusterReader } from "../../../../../local/engine/providers/kubernetes/cluster-reader.ts";
import { Discovery } from "../../../../../local/engine/providers/kubernetes/discovery.ts";
import type { JsonObject } from "../../../../../local/engine/providers/kubernetes/json-object.ts";
import { parseProviderConfig } from "../../../../../local/engine/providers/kubernetes/provider-config.ts";
import type { Session } from "../../../../../local/engine/providers/kubernetes/session.ts";

export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  body: JsonObject;
}
export type Answer = (asked: Asked) => [status: number, body: JsonObject];

export interface FakeApiServer {
  session(options?: Partial<Session>): Session;
  /** What was applied, in order. */
  applied: Asked[];
  close(): void;
}

/** An API server that knows ConfigMaps, claims and Deployments, has `live` and answers an apply with what it is told to. */
export async function fakeApiServer(
  live: () => JsonObject | undefined,
  apply: Answer,
): Promise<FakeApiServer> {
  const applied: Asked[] = [];
  const answer = (asked: Asked): [number, JsonObject] => {
    if (asked.path === "/api/v1") return [200, kinds("ConfigMap", "PersistentVolumeClaim", "Secret")];
    if (asked.path === "/apis/apps/v1") return [200, kinds("Deployment")];
    if (asked.method === "PATCH") {
      applied.push(asked);
      return apply(asked);
    }
    const found = live();
    return found === undefined ? [404, { message: "not found" }] : [200, found];
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://fake");
      const text = Buffer.concat(chunks).toString("utf8");
      const body = text === "" ? {} : (JSON.parse(text) as JsonObject);
      const [status, result] = answer({
        method: request.method ?? "",
        path: url.pathname,
        query: url.searchParams,
        body,
      });
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(result));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const access = {
    server: `http://127.0.0.1:${port}`,
    skipTlsVerify: false,
    namespace: "n",
    source: "a test",
  };
  const api = new ApiClient(access, {});
  const discovery = new Discovery(api);
  return {
    applied,
    session: (options = {}) => ({
      config: parseProviderConfig({}).config,
      namespace: "n",
      discovery,
      connection: { api, reader: clusterReader(api, discovery) },
      unreachable: undefined,
      awaitAll: false,
      kindWaitMs: 0,
      takeBack: false,
      ...options,
    }),
    close: () => {
      api.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

function kinds(...names: string[]): JsonObject {
  return {
    resources: names.map((kind) => ({ kind, name: `${kind.toLowerCase()}s`, namespaced: true })),
  };
}
