import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { RuntimeFault } from "../errors.ts";
import { keyOf, type ApiKeys } from "./api-keys.ts";

/** A second port of the server, on which each request needs an API key. Pods of the cluster call the first one without. */
export interface GatewayPort {
  /** Refuses a request that came in by this port without a valid key. Health routes need none. */
  readonly guard: (request: IncomingMessage) => void;
  /** Opens the port for the app, and closes it with the app. Call it before the app listens. */
  attach(app: FastifyInstance): void;
  /** Listens, and returns the port. */
  listen(host: string, port: number): Promise<number>;
}

/** The gateway asks these about each pod. */
const HEALTH = new Set(["/v2/health/live", "/v2/health/ready"]);

/** Connections that a gateway may hold open at once. */
const MAX_CONNECTIONS = 1024;

/** `keys` returns the keys that are valid now. */
export function gatewayPort(keys: () => ApiKeys): GatewayPort {
  const sockets = new WeakSet<Socket>();
  let server: Server | undefined;
  return {
    guard({ socket, url = "", headers }) {
      if (!sockets.has(socket) || HEALTH.has(url.split("?")[0] ?? "")) return;
      const key = keyOf(headers);
      if (key === undefined)
        throw new Unauthorized(
          "request must have an API key: send the header x-api-key, or authorization: Bearer",
        );
      if (!keys().accepts(key))
        throw new Unauthorized("API key must be one of this service's, got another one");
    },
    attach(app) {
      // Node's HTTP server takes over connections of other servers, so that both ports have the same limits and answers.
      const opened = createServer((socket) => {
        sockets.add(socket);
        app.server.emit("connection", socket);
      });
      opened.maxConnections = MAX_CONNECTIONS;
      server = opened;
      let closed: Promise<void> | undefined;
      app.addHook("preClose", async () => {
        closed = closeServer(opened);
      });
      app.addHook("onClose", async () => {
        app.server.closeIdleConnections();
        await closed;
      });
    },
    async listen(host, port) {
      const opened = server;
      if (opened === undefined) throw new Error("gateway port: attach must be called before listen");
      await new Promise<void>((resolve, reject) => {
        opened.once("error", reject);
        opened.listen(port, host, resolve);
      });
      return (opened.address() as AddressInfo).port;
    },
  };
}

/** Takes no new connections, and waits until those in use have ended. */
function closeServer(server: Server): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** The caller did not prove who it is. */
export class Unauthorized extends RuntimeFault {
  constructor(message: string) {
    super("unauthorized", 401, message);
    this.name = "Unauthorized";
  }
}
