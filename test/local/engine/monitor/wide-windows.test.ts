import http2 from "node:http2";
import grpc from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { WINDOW_BYTES, widenWindows } from "../../../../local/engine/monitor/wide-windows.ts";

test("a client may send far ahead of what the server has read", async () => {
  const server = new grpc.Server();
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  widenWindows(server);
  const client = http2.connect(`http://127.0.0.1:${port}`);
  try {
    await expect.poll(() => client.state.remoteWindowSize).toBe(WINDOW_BYTES);
  } finally {
    client.destroy();
    server.forceShutdown();
  }
});
