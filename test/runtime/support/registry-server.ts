import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface RegistryServer {
  url: string;
  /** `METHOD path?query` and the Authorization header of each request. */
  requests: { line: string; authorization: string | undefined }[];
  close(): Promise<void>;
}

/** A server that answers each request as a test says: for the failures that a real registry shows only rarely. */
export async function registryServer(
  answer: (request: IncomingMessage, count: number) => Answer | "drop",
): Promise<RegistryServer> {
  const requests: RegistryServer["requests"] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push({ line: `${request.method} ${request.url}`, authorization: request.headers.authorization });
    request.resume().on("end", () => {
      const what = answer(request, requests.length);
      if (what === "drop") request.socket.destroy();
      else
        response.writeHead(what.status, what.headers).end(request.method === "HEAD" ? undefined : what.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
