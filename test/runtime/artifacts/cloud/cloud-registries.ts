import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface CloudRequest {
  method: string;
  /** Host that the request was meant for. */
  host: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}
export interface CloudAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string | object;
}

export interface Cloud {
  /** Sends every request to this server, whatever its host. */
  fetch: typeof fetch;
  /** `METHOD host/path` of each request. */
  lines: string[];
  requests: CloudRequest[];
  close(): Promise<void>;
}

/** A real http server that stands in for every host of a cloud and answers as its documentation says. */
export async function cloud(answer: (request: CloudRequest) => CloudAnswer): Promise<Cloud> {
  const requests: CloudRequest[] = [];
  const lines: string[] = [];
  const server = createServer((message, response) => {
    let body = "";
    message.on("data", (chunk: Buffer) => (body += chunk.toString()));
    message.on("end", () => {
      const { method = "", url = "", headers } = message;
      const host = String(headers["x-meant-for"]);
      const request = { method, host, path: url, headers, body };
      requests.push(request);
      lines.push(`${method} ${host}${url.split("?")[0]}`);
      const { status, headers: sent, body: content = "" } = answer(request);
      response.writeHead(status, sent);
      response.end(typeof content === "string" ? content : JSON.stringify(content));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    lines,
    requests,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(init?.headers);
      headers.set("x-meant-for", url.host);
      return fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { ...init, headers });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
