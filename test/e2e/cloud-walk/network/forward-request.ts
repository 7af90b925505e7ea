import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";

/**
 * Passes a request on to another server, and its answer back.
 *
 * @param url - where to, with path and query
 * @param headers - headers of the request. @default - those that came
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  headers: IncomingMessage["headers"] = request.headers,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const forwarded = httpRequest(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response).on("finish", resolve).on("error", reject);
    });
    forwarded.on("error", reject);
    request.pipe(forwarded);
  });
}
