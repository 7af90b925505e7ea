import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** Answers one request; `attempt` counts the requests for the same path from 1. */
export type Answer = (response: ServerResponse, attempt: number) => void;

export interface FileServer {
  /** Base URL, without a slash at its end. */
  url: string;
  /** Paths of the requests so far. */
  requests: string[];
  /** Answers by path; without one the server answers 404. */
  answers: Map<string, Answer>;
  close(): Promise<void>;
}

/** Starts a web server on loopback, with TLS if a certificate is given. */
export async function fileServer(tls?: { key: string; cert: string }): Promise<FileServer> {
  const requests: string[] = [];
  const answers = new Map<string, Answer>();
  const listener: RequestListener = (request, response) => {
    const path = request.url ?? "";
    requests.push(path);
    const answer = answers.get(path) ?? status(404);
    answer(response, requests.filter((each) => each === path).length);
  };
  const server: Server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    answers,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with the whole content. */
export const content =
  (body: string | Buffer): Answer =>
  (response) =>
    response.end(body);

/** Answers with a status and no content. */
export const status =
  (code: number): Answer =>
  (response) =>
    response.writeHead(code).end();

/** Answers with a redirect. */
export const redirect =
  (location: string): Answer =>
  (response) =>
    response.writeHead(302, { location }).end();

/** Promises the whole content, sends half of it, and breaks the connection. */
export const halfContent =
  (body: string | Buffer): Answer =>
  (response) => {
    response.writeHead(200, { "content-length": Buffer.byteLength(body) });
    response.write(Buffer.from(body).subarray(0, Buffer.byteLength(body) / 2), () => response.destroy());
  };

/** Sends the first byte of a content, and then nothing. */
export const firstByteOnly =
  (body: string | Buffer): Answer =>
  (response) => {
    response.writeHead(200, { "content-length": Buffer.byteLength(body) });
    response.write(Buffer.from(body).subarray(0, 1));
  };

/** Never answers. */
export const noAnswer: Answer = () => {};

/** Answers the first attempt in one way, and every later attempt in another. */
export const firstThen =
  (first: Answer, then: Answer): Answer =>
  (response, attempt) =>
    (attempt === 1 ? first : then)(response, attempt);
