import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";

export interface RedisProcess {
  url: string;
  password: string;
  client: Redis;
  /** kill -9, as when its node dies. */
  kill(): Promise<void>;
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A real redis-server with a password and nothing on disk, on a free port of loopback. */
export async function redisProcess(): Promise<RedisProcess> {
  const port = await freePort();
  const password = "for-this-test-only";
  let child: ChildProcess;

  async function start(): Promise<void> {
    const flags = ["--port", String(port), "--bind", "127.0.0.1", "--requirepass", password, "--save", ""];
    child = spawn("redis-server", flags, { stdio: "ignore" });
    const failed = once(child, "error").then(([error]) => Promise.reject(error as Error));
    await Promise.race([once(child, "spawn"), failed]);
  }
  async function kill(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  async function answering(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if ((await client.ping().catch(() => undefined)) === "PONG") return;
      await sleep(50);
    }
    throw new Error("redis-server did not answer in 5 s");
  }

  await start();
  const client = new Redis(port, "127.0.0.1", { password, maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  client.on("error", () => {});
  await answering();
  return {
    url: `redis://127.0.0.1:${port}`,
    password,
    client,
    kill,
    async restart() {
      await kill();
      await start();
      await answering();
    },
    async close() {
      client.disconnect();
      await kill();
    },
  };
}
