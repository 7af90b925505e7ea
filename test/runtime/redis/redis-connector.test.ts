import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { RedisConnector } from "../../../runtime/redis/redis-connector.ts";

it("takes every error of a connection, and keeps the first", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const connector = new RedisConnector({ host: "127.0.0.1", port });
  const stream = await connector.connect();
  stream.once("error", () => undefined); // as ioredis does
  stream.emit("error", new Error("first"));
  expect(() => stream.emit("error", new Error("second"))).not.toThrow();
  expect(connector).toMatchObject({ firstError: { message: "first" } });
  stream.destroy();
  server.close();
});

it("opens nothing once it was given up", async () => {
  const connector = new RedisConnector({ host: "127.0.0.1", port: 1 });
  const opening = connector.connect();
  connector.disconnect();
  await expect(opening).rejects.toThrow("Connection is closed.");
});
