import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { ApiClient } from "../../../../../local/engine/providers/kubernetes/api-client.ts";
import { ApiError } from "../../../../../local/engine/providers/kubernetes/api-error.ts";
import { runExecPlugin } from "../../../../../local/engine/providers/kubernetes/exec-credential.ts";
import type { ClusterAccess } from "../../../../../local/engine/providers/kubernetes/kubeconfig.ts";
import { kubernetesProvider } from "../../../../../local/engine/providers/kubernetes/kubernetes-provider.ts";

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Answers with these, one after the other, and keeps what was asked. */
async function serve(
  ...answers: ((response: ServerResponse) => void)[]
): Promise<{ api: ApiClient; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  server = createServer((request, response) => {
    asked.push(request);
    (answers[Math.min(asked.length, answers.length) - 1] as (response: ServerResponse) => void)(response);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const access: ClusterAccess = {
    server: `http://127.0.0.1:${port}`,
    token: "t",
    skipTlsVerify: false,
    namespace: "default",
    source: "a test",
  };
  return { api: new ApiClient(access, {}), asked };
}

const json =
  (status: number, body: object, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

describe("the API client", () => {
  it("sends its token and query and reads the answer and its warnings", async () => {
    const { api, asked } = await serve(
      json(200, { kind: "Pod" }, { warning: '299 - "unknown field \\"a\\"", 299 - "would violate"' }),
    );
    const answer = await api.request("GET", "/api/v1/x", { query: { dryRun: "All", skipped: undefined } });
    expect(answer).toMatchObject({ body: { kind: "Pod" }, warnings: ['unknown field "a"', "would violate"] });
    expect(asked[0]?.url).toBe("/api/v1/x?dryRun=All");
    expect(asked[0]?.headers.authorization).toBe("Bearer t");
  });

  it("escapes what YAML would read as the end of a line: the server reads an apply as YAML", async () => {
    const { api, asked } = await serve(json(200, {}));
    await api.request("PATCH", "/", { body: { a: "x \u2028\u0085ä" } });
    expect(asked[0]?.headers["content-length"]).toBe(String(Buffer.byteLength('{"a":"x \\u2028\\u0085ä"}')));
  });

  it("tries again where the server is busy, and not where it refuses", async () => {
    const busy = await serve(json(429, {}, { "retry-after": "0" }), json(200, { ok: true }));
    expect((await busy.api.request("GET", "/")).body).toEqual({ ok: true });
    server?.close();
    const refusing = await serve(
      json(422, {
        message: "no",
        reason: "Invalid",
        details: { causes: [{ field: "spec.x", message: "m", reason: "r" }] },
      }),
    );
    const error = await refusing.api.request("PATCH", "/").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 422,
      reason: "Invalid",
      message: "no",
      causes: [{ field: "spec.x", message: "m", reason: "r" }],
    });
    expect(refusing.asked).toHaveLength(1);
  });

  it("gives a log as text, even one that begins like an object", async () => {
    const { api } = await serve((response) => response.end("{not json\nlast line"));
    expect((await api.request("GET", "/log")).text).toBe("{not json\nlast line");
  });
});

describe("configuring the provider", () => {
  const kubeconfig = (address: string): string =>
    JSON.stringify({
      "current-context": "c",
      contexts: [{ name: "c", context: { cluster: "c" } }],
      clusters: [{ name: "c", cluster: { server: address } }],
    });

  it("fails where nobody answers, in a preview too, with the server and the fix", async () => {
    const provider = kubernetesProvider({ kubeconfig: kubeconfig("https://127.0.0.1:1") });
    await expect(provider.configure({}, true)).rejects.toThrow(
      /the Kubernetes API server https:\/\/127\.0\.0\.1:1 \(from the given kubeconfig\) cannot be reached: .*ECONNREFUSED.*; start the cluster, or point KUBECONFIG/,
    );
  });

  it("fails where the server does not know us", async () => {
    const { api } = await serve(json(401, { message: "Unauthorized" }));
    const provider = kubernetesProvider({ kubeconfig: kubeconfig(api.access.server) });
    await expect(provider.configure({}, true)).rejects.toThrow(
      /refused us: Unauthorized; its credentials are wrong or have expired/,
    );
  });

  it("forgets resources of a cluster that is gone if it is told to", async () => {
    const provider = kubernetesProvider({ kubeconfig: kubeconfig("https://127.0.0.1:1") });
    await provider.configure({ deleteUnreachable: "true" }, false);
    const said: string[] = [];
    const type = "kubernetes:core/v1:ConfigMap";
    const context = {
      urn: "u",
      type,
      name: "n",
      signal: new AbortController().signal,
      status: () => undefined,
      log: (_: string, text: string) => said.push(text),
    };
    await provider.delete(context, "default/a", { metadata: { name: "a" } }, {});
    expect(await provider.read(context, "default/a", {}, {})).toBeUndefined();
    expect(said[0]).toMatch(/cannot be reached.*deleteUnreachable is set, so the resource is only forgotten/);
    await expect(provider.create(context, { metadata: { name: "a" } }, { preview: false })).rejects.toThrow(
      /cannot be reached/,
    );
  });
});

describe("a credential plugin", () => {
  const plugin = (script: string): Parameters<typeof runExecPlugin>[0] => ({
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
    env: [{ name: "WHO", value: "me" }],
  });

  it("gives a token and when it expires", async () => {
    const status =
      '{ token: process.env.WHO + JSON.parse(process.env.KUBERNETES_EXEC_INFO).kind, expirationTimestamp: "2030-01-01T00:00:00Z" }';
    const credential = await runExecPlugin(plugin(`console.log(JSON.stringify({ status: ${status} }))`), {});
    expect(credential).toMatchObject({ token: "meExecCredential", expiresAt: Date.UTC(2030, 0, 1) });
  });

  it("that fails is an error that names it", async () => {
    await expect(runExecPlugin(plugin("process.exit(3)"), {})).rejects.toThrow(
      /the credential plugin .*node.* failed/,
    );
    await expect(runExecPlugin(plugin("console.log('{}')"), {})).rejects.toThrow(/printed no ExecCredential/);
  });
});
