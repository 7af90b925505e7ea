import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";

type Headers = IncomingMessage["headers"];

/**
 * Passes a request on to another server, and its answer back.
 *
 * @param url - where to, with path and query
 * @param options.headers - headers of the request. @default - those that came
 * @param options.answerHeaders - returns the headers of the answer from those of the other server. @default - the same
 */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: string,
  {
    headers = request.headers,
    answerHeaders = (same) => same,
  }: { headers?: Headers; answerHeaders?: (headers: Headers) => Headers } = {},
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const forwarded = httpRequest(url, { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answerHeaders(answer.headers));
      answer.pipe(response).on("finish", resolve).on("error", reject);
    });
    forwarded.on("error", reject);
    request.pipe(forwarded);
  });
}
