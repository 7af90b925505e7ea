import { KubeConfig } from "@kubernetes/client-node";
import { request } from "node:https";

const TIMEOUT_MS = 10_000;

/**
 * Asks the API server of a kubeconfig for its version, without credentials. Returns the status of its answer: a refusal too
 * shows that there is a way. Throws if nothing answers, or another server than that of the kubeconfig.
 */
export async function askApiServer(kubeconfig: string): Promise<number> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error("the kubeconfig has no cluster");
  const ca = cluster.caData === undefined ? {} : { ca: Buffer.from(cluster.caData, "base64") };
  return new Promise((resolve, reject) => {
    const call = request(
      new URL("/version", cluster.server),
      { ...ca, signal: AbortSignal.timeout(TIMEOUT_MS) },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    call.on("error", (error) =>
      reject(
        error.name === "AbortError" || error.name === "TimeoutError"
          ? new Error(`no answer in ${TIMEOUT_MS / 1000} s`)
          : error,
      ),
    );
    call.end();
  });
}
