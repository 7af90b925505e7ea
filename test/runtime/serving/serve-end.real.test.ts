import { once } from "node:events";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { call, infer, inputs, servingProcesses } from "./serving-processes.ts";

const processes = servingProcesses();
const { spawnServe, start } = processes;

test("SIGTERM under load, with a second server beside it, fails no request", async () => {
  const [leaving, staying] = await Promise.all([start({ SLIPWAY_DRAIN_SECONDS: "2" }), start()]);
  // What endpoints do in a cluster: a probe every 100 ms decides where new connections go.
  let leavingIsReady = true;
  let stop = false;
  const probes = (async () => {
    while (!stop) {
      leavingIsReady = await call(`${leaving.url}/v2/health/ready`).then(
        ({ status }) => status === 200,
        () => false,
      );
      await sleep(100);
    }
  })();
  const answered = { leaving: 0, staying: 0, leavingAfterTerm: 0 };
  const failures: unknown[] = [];
  let terminated = false;
  const caller = async (): Promise<void> => {
    // One connection is kept to each server, as clients with pools do.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let turn = 0;
    while (!stop) {
      const to = leavingIsReady && turn++ % 2 === 0 ? "leaving" : "staying";
      await infer(to === "leaving" ? leaving.url : staying.url, agent).then(
        ({ status }) => {
          if (status !== 200) failures.push(status);
          answered[to]++;
          if (to === "leaving" && terminated) answered.leavingAfterTerm++;
        },
        (error: unknown) => failures.push(error),
      );
    }
    agent.destroy();
  };
  const callers = Array.from({ length: 8 }, caller);
  await sleep(1000);
  terminated = true;
  leaving.child.kill("SIGTERM");
  const code = await leaving.ended;
  await sleep(300);
  stop = true;
  await Promise.all([...callers, probes]);
  expect(failures).toEqual([]);
  expect(code).toBe(0);
  expect(answered.leaving).toBeGreaterThan(10);
  expect(answered.leavingAfterTerm).toBeGreaterThan(0);
  expect(answered.staying).toBeGreaterThan(10);
});

test("SIGTERM finishes the request that is in flight, and closes idle connections at once", async () => {
  const { url, child, ended } = await start();
  const idle = new Agent({ keepAlive: true });
  await infer(url, idle);
  const body = JSON.stringify({ inputs });
  const answer = new Promise<number>((resolve, reject) => {
    const slow = request(`${url}/v2/models/tiny/infer`, {
      method: "POST",
      headers: { "content-length": body.length },
    });
    slow.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    slow.on("error", reject);
    slow.write(body.slice(0, 10));
    setTimeout(() => child.kill("SIGTERM"), 200);
    setTimeout(() => slow.end(body.slice(10)), 1000);
  });
  expect(await answer).toBe(200);
  const started = performance.now();
  expect(await ended).toBe(0);
  expect(performance.now() - started).toBeLessThan(4000);
  idle.destroy();
});

test("ends at once where it is told to while its model is being pulled", async () => {
  const slow = createServer(() => {}); // takes a request and never answers
  slow.listen(0, "127.0.0.1");
  await once(slow, "listening");
  const { port } = slow.address() as AddressInfo;
  const started = spawnServe({ SLIPWAY_REGISTRY: `http://127.0.0.1:${port}`, SLIPWAY_DRAIN_SECONDS: "30" });
  await once(slow, "request");
  const asked = performance.now();
  started.child.kill("SIGTERM");
  expect(await started.ended).toBe(0);
  expect(performance.now() - asked).toBeLessThan(10_000);
  slow.closeAllConnections();
  slow.close();
});

test("ends with the reason where its metrics port is taken", async () => {
  const taken = createServer(() => {}).listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const { ended, output } = spawnServe({}, String(port));
  expect(await ended).toBe(1);
  expect(output()).toMatch(/EADDRINUSE/);
  taken.close();
});

test("ends well while Redis is down", async () => {
  await processes.redis.kill();
  const { url, child, ended } = await start();
  expect((await infer(url)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  await processes.redis.restart();
});
