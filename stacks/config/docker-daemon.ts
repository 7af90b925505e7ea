import { request, type RequestOptions } from "node:http";

const PING_TIMEOUT_MS = 2000;
const DEFAULT_HOST = "unix:///var/run/docker.sock";

/**
 * Whether a Docker daemon answers where Docker's own tools would look for it: `DOCKER_HOST`, or the socket of this machine.
 * One behind TLS or ssh cannot be asked here, and is taken at its word.
 * @see https://docs.docker.com/reference/api/engine/version/v1.47/#tag/System/operation/SystemPing
 */
export async function hasDockerDaemon(env: NodeJS.ProcessEnv): Promise<boolean> {
  const host = env["DOCKER_HOST"] || DEFAULT_HOST;
  if (host.startsWith("ssh://") || env["DOCKER_TLS_VERIFY"]) return true;
  const at = whereToAsk(host);
  return at === undefined ? false : answers(at);
}

function whereToAsk(host: string): RequestOptions | undefined {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  if (!host.startsWith("tcp://") || !URL.canParse(host)) return undefined;
  const { hostname, port } = new URL(host);
  return { host: hostname, port: port || 2375 };
}

function answers(at: RequestOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ ...at, path: "/_ping", timeout: PING_TIMEOUT_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
