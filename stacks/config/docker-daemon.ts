import { request, type RequestOptions } from "node:http";

const PING_TIMEOUT_MS = 2000;
const DEFAULT_HOST = "unix:///var/run/docker.sock";

/**
 * Returns whether a Docker daemon answers at `DOCKER_HOST` or, by default, at the socket of this machine. Assumes without a request that a
 * daemon behind TLS or ssh answers.
 * @see https://docs.docker.com/reference/api/engine/version/v1.47/#tag/System/operation/SystemPing
 */
export async function hasDockerDaemon(env: NodeJS.ProcessEnv): Promise<boolean> {
  const host = env["DOCKER_HOST"] || DEFAULT_HOST;
  if (host.startsWith("ssh://") || env["DOCKER_TLS_VERIFY"]) return true;
  const address = addressOf(host);
  return address === undefined ? false : answers(address);
}

function addressOf(host: string): RequestOptions | undefined {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  if (!host.startsWith("tcp://") || !URL.canParse(host)) return undefined;
  const { hostname, port } = new URL(host);
  return { host: hostname, port: port || 2375 };
}

function answers(address: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ ...address, path: "/_ping", timeout: PING_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on("timeout", () => ping.destroy());
    ping.on("error", () => resolve(false));
    ping.end();
  });
}
