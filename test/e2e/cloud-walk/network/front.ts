import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { Certificate } from "./authority.ts";

/** Answers requests to one host. */
export type Site = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The HTTPS server that stands for all hosts of the cloud and of the public registries. */
export class Front {
  readonly #server: Server;
  /** What was asked of hosts that nobody serves: the walk expects none. */
  readonly unexpected: string[] = [];

  private constructor(certificate: Certificate, siteOf: (host: string) => Site | undefined) {
    this.#server = createServer({ cert: certificate.cert, key: certificate.key }, (request, response) => {
      const host = hostOf(request);
      const site = siteOf(host);
      if (site === undefined) {
        this.unexpected.push(`${request.method} https://${host}${request.url}`);
        response.writeHead(404).end();
        return;
      }
      site(request, response).catch((error: unknown) => {
        this.unexpected.push(`${request.method} https://${host}${request.url}: ${String(error)}`);
        if (!response.headersSent) response.writeHead(500);
        response.end(String(error));
      });
    });
  }

  static async listen(
    address: string,
    certificate: Certificate,
    siteOf: (host: string) => Site | undefined,
  ): Promise<Front> {
    const front = new Front(certificate, siteOf);
    await new Promise<void>((resolve, reject) => {
      front.#server.once("error", reject);
      front.#server.listen(443, address, resolve);
    });
    return front;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Returns the host that a request is for. The container runtime names it in the query, because it knows the server by address. */
export function hostOf({ headers, url = "/" }: IncomingMessage): string {
  const named = new URL(url, "https://front").searchParams.get("ns");
  return named ?? (headers.host ?? "").split(":")[0] ?? "";
}

/** Reads the body of a request. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
