import type { KubeConfig } from "@kubernetes/client-node";
import { request as requestPlain } from "node:http";
import { request as requestTls, type RequestOptions } from "node:https";

export interface ServiceAddress {
  namespace: string;
  service: string;
  port: number;
}

/**
 * Gets JSON from a service in the cluster through the API server, so that it works wherever kubectl works, without an ingress.
 * Throws where the service does not answer with 200 and JSON within ten seconds.
 */
export async function getFromService(
  kube: KubeConfig,
  address: ServiceAddress,
  path: string,
): Promise<unknown> {
  const server = kube.getCurrentCluster()?.server;
  if (server === undefined) throw new Error("the kubeconfig names no cluster: check its current-context");
  const { namespace, service, port } = address;
  const url = new URL(`${server}/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy${path}`);
  const options: RequestOptions = { method: "GET", timeout: 10_000 };
  await kube.applyToHTTPSOptions(options);
  const { status, body } = await new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = url.protocol === "http:" ? requestPlain : requestTls;
    const sent = request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on("timeout", () => sent.destroy(new Error("no answer within 10 s")));
    sent.on("error", reject);
    sent.end();
  });
  if (status !== 200)
    throw new Error(`${namespace}/${service}${path} answered ${status}: ${body.slice(0, 200)}`);
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    throw new Error(`${namespace}/${service}${path} must answer with JSON, got ${body.slice(0, 200)}`, {
      cause: error,
    });
  }
}
