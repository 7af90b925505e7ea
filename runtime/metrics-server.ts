import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Registry } from "prom-client";

export interface MetricsServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` for Prometheus, and `GET /v2/health/live` and `/v2/health/ready` for the kubelet, on a separate port that
 * callers of the service cannot reach: so probes do not wait behind a flood of new connections to the service.
 */
export async function startMetricsServer(
  registry: Registry,
  host: string,
  port: number,
  isReady: () => boolean,
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const path = request.method === "GET" ? request.url : undefined;
    if (path === "/v2/health/live" || path === "/v2/health/ready") {
      const ok = path === "/v2/health/live" || isReady();
      response
        .writeHead(ok ? 200 : 503, { "content-type": "application/json" })
        .end(`{"live":true,"ready":${isReady()}}`);
      return;
    }
    if (path !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
