import { Redis } from "ioredis";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { redisUsers, type StoreRole } from "../../../../components/platform/features/redis-users.ts";

/** A real Redis with the users of two environments and of the training jobs. */
let folder: string;
let port: number;
let server: ChildProcess;
const clients: Redis[] = [];

async function connect(username: string, password = "secret"): Promise<Redis> {
  const client = new Redis({ port, username, password, lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => undefined); // each test checks the rejection itself
  clients.push(client);
  await client.connect();
  return client;
}

beforeAll(async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  port = (free.address() as AddressInfo).port;
  free.close();
  folder = await mkdtemp(join(tmpdir(), "slipway-redis-users-"));
  const users = (["training", "server", "drift"] as StoreRole[]).flatMap((role) =>
    ["staging", "production"].map((environment) => ({ environment, role, password: "secret" })),
  );
  await writeFile(join(folder, "redis.conf"), `port ${port}\nbind 127.0.0.1\nsave ""\n${redisUsers(users)}`);
  server = spawn("redis-server", [join(folder, "redis.conf")], { cwd: folder });
  for await (const line of server.stdout!) if (String(line).includes("Ready to accept")) break;
  server.stdout!.resume();
}, 60_000);
afterAll(async () => {
  for (const client of clients) client.disconnect();
  server.kill();
  await rm(folder, { recursive: true, force: true });
});

test("training jobs write features, servers read them, and no other user can", async () => {
  const training = await connect("staging-training");
  const serving = await connect("production-server");
  const drift = await connect("production-drift");
  expect(await training.set("fv:flights:plane:N1", "value", "EX", 60)).toBe("OK");
  expect((await serving.mgetBuffer("fv:flights:plane:N1", "fv:none")).map(String)).toEqual(["value", "null"]);
  await expect(serving.set("fv:flights:plane:N1", "other")).rejects.toThrow("NOPERM");
  await expect(drift.get("fv:flights:plane:N1")).rejects.toThrow("NOPERM");
  await expect(training.set("predictions:production:x", "value")).rejects.toThrow("NOPERM");
});

test("a server appends to the prediction logs of its environment, and the drift job of that environment reads them", async () => {
  const serving = await connect("staging-server");
  const drift = await connect("staging-drift");
  const log = "predictions:staging:pushback:sha256";
  expect(await serving.xadd(log, "MAXLEN", "~", 1000, "*", "entry", "{}")).toMatch(/-0$/);
  expect(await drift.xrevrange(log, "+", "-", "COUNT", 10)).toHaveLength(1);
  await expect(serving.xrevrange(log, "+", "-")).rejects.toThrow("NOPERM");
  await expect(drift.xadd(log, "*", "entry", "{}")).rejects.toThrow("NOPERM");
  for (const other of ["predictions:production:pushback:sha256", "predictions:staging-eu:pushback:sha256"]) {
    await expect(serving.xadd(other, "*", "entry", "{}")).rejects.toThrow("NOPERM");
    await expect(drift.xrevrange(other, "+", "-")).rejects.toThrow("NOPERM");
  }
});

test("no user can empty the store, list its keys, or change its users and settings", async () => {
  for (const username of ["staging-training", "staging-server", "staging-drift"]) {
    const client = await connect(username);
    for (const command of [["flushall"], ["keys", "*"], ["config", "get", "*"], ["acl", "list"]])
      await expect(client.call(...(command as [string, ...string[]])), command[0]).rejects.toThrow("NOPERM");
  }
});

test("the default user and a wrong password are refused", async () => {
  await expect(connect("default")).rejects.toThrow();
  await expect(connect("staging-server", "wrong")).rejects.toThrow();
});
