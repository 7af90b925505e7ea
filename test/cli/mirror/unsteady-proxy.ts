import { createServer, request as httpRequest, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface UnsteadyProxy {
  host: string;
  /** Paths of the blobs that were asked for. */
  blobs: string[];
  /** How many blobs more go through; those after them stop in the middle, for good. */
  letThrough(count: number): void;
  /** Resolves once a blob has stopped. */
  stopped: Promise<void>;
  close(): Promise<void>;
}

/** A way to a registry that stops in the middle of a blob when it is told to. */
export async function unsteadyProxy(to: string): Promise<UnsteadyProxy> {
  let left = Infinity;
  let stop: () => void;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const blobs: string[] = [];
  const server = createServer((request, response: ServerResponse) => {
    const isBlob = request.method === "GET" && request.url!.includes("/blobs/");
    if (isBlob) blobs.push(request.url!);
    const whole = !isBlob || left-- > 0;
    const onward = httpRequest(`http://${to}${request.url}`, {
      method: request.method,
      headers: { ...request.headers, host: to },
    });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      if (whole) answer.pipe(response);
      else
        answer.once("data", (chunk: Buffer) => {
          response.write(chunk.subarray(0, Math.floor(chunk.length / 2)));
          answer.destroy();
          stop();
        });
    });
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    blobs,
    letThrough: (count) => (left = count),
    stopped,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
