import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";
import { writeLayout } from "../support/oci-layout.ts";
import { serveProcess, type ServeProcess } from "../support/serve-process.ts";
import { ROW, ROW_SCORE, recordedEvent, tensor } from "./adapters/recorded-event.ts";
import { runtimeApi } from "./adapters/runtime-api.ts";
import { tinyArtifact } from "./tiny-model.ts";

const MAIN = new URL("../../../runtime/main.ts", import.meta.url).pathname;
const children: ChildProcess[] = [];
let registry: FakeRegistry;
let artifact: Awaited<ReturnType<typeof tinyArtifact>>;
let layout: string;

beforeAll(async () => {
  registry = await fakeRegistry();
  artifact = await tinyArtifact();
  registry.manifests.set(artifact.reference.split("@")[1] ?? "", artifact.manifest);
  for (const [digest, bytes] of artifact.blobs) registry.blobs.set(digest, bytes);
  layout = await mkdtemp(join(tmpdir(), "layout-"));
  await writeLayout(layout, artifact);
});
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
afterAll(async () => {
  await registry.close();
  await rm(layout, { recursive: true });
});

/** `slipway serve` as a target starts it: no flag but what keeps it on loopback, no feature store. */
async function serve(target: string, env: Record<string, string> = {}): Promise<ServeProcess> {
  const process = await serveProcess({
    SLIPWAY_TARGET: target,
    SLIPWAY_REGISTRY: registry.url,
    SLIPWAY_MODEL: artifact.reference,
    ...env,
  });
  children.push(process.child);
  return process;
}

/** The image's command as a target runs it. */
function run(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", MAIN, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      SLIPWAY_ENVIRONMENT: "staging",
      SLIPWAY_SERVICE: "tiny",
      SLIPWAY_REGISTRY: registry.url,
      SLIPWAY_MODEL: artifact.reference,
      ...env,
    },
  });
  children.push(child);
  return child;
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/v2/health/ready`).catch(() => undefined);
    if (response?.ok === true) return;
    await sleep(50);
  }
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("a container of SageMaker serves model data that was unpacked for it, with no network", async () => {
  const server = await serveProcess({
    SLIPWAY_TARGET: "sagemaker",
    SLIPWAY_MODEL_LAYOUT: layout,
    SLIPWAY_MODEL: artifact.reference,
  });
  children.push(server.child);
  expect((await fetch(`${server.url}/ping`)).status).toBe(200);
  const answer = await fetch(`${server.url}/invocations`, {
    method: "POST",
    body: "1,5,40,10,150\n",
    headers: { "content-type": "text/csv" },
  });
  expect(Number(await answer.text())).toBeCloseTo(ROW_SCORE, 6);
  server.child.kill("SIGTERM");
  expect(await server.ended).toBe(0);
});

test("a container of Vertex AI serves without a feature store, and says what it cannot do", async () => {
  const { url } = await serve("vertex", { AIP_PREDICT_ROUTE: "/predict", AIP_HEALTH_ROUTE: "/health" });
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const answer = await post(`${url}/predict`, { instances: [ROW] });
  expect(await answer.json()).toEqual({ predictions: [expect.closeTo(ROW_SCORE, 6)] });
  const lookup = await post(`${url}/predict`, { instances: [{ entities: { origin: "JFK" } }] });
  expect(lookup.status).toBe(503);
  expect(await lookup.json()).toEqual({
    error: expect.stringMatching(/feature store: this server has no feature store/) as string,
  });
});

test("a container that is given no argument does the job that its environment names", async () => {
  const api = await runtimeApi();
  const child = run([], {
    SLIPWAY_JOB: "serve",
    SLIPWAY_TARGET: "lambda",
    AWS_LAMBDA_RUNTIME_API: api.address,
    SLIPWAY_MODEL: "",
  });
  const [{ json }] = await Promise.all([api.initError, once(child, "exit")]);
  expect(json, "it is a server, which misses its model").toMatchObject({ errorType: "Slipway.BadInput" });
  await api.close();
});

test("Cloud Run and the Functions host say on which port", async () => {
  const port = String(await freePort());
  for (const [target, variable, path] of [
    ["cloud-run", "PORT", "/"],
    ["azure-functions", "FUNCTIONS_CUSTOMHANDLER_PORT", "/infer"],
  ] as const) {
    const child = run(["serve", "--host", "127.0.0.1", "--metrics-port", "0"], {
      SLIPWAY_TARGET: target,
      [variable]: port,
    });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url);
    const answer = await post(`${url}${path}`, tensor(ROW));
    expect(await answer.json()).toMatchObject({ outputs: [{ data: [expect.closeTo(ROW_SCORE, 6)] }] });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  }
});

const lambda = (api: string, env: Record<string, string>): ChildProcess =>
  run(["serve"], { SLIPWAY_TARGET: "lambda", AWS_LAMBDA_RUNTIME_API: api, ...env });

test("a Lambda function loads its model as it starts, answers events, and ends at SIGTERM", async () => {
  const api = await runtimeApi();
  const child = lambda(api.address, {});
  const { path, json } = await api.invoke(recordedEvent("lambda-function-url"), {
    id: "1",
    timeoutMs: 60_000,
  });
  expect(path).toBe("/invocation/1/response");
  expect(json).toMatchObject({ statusCode: 200 });
  const timings: number[] = [];
  for (let i = 0; i < 50; i++) {
    const started = performance.now();
    await api.invoke(tensor(ROW));
    timings.push(performance.now() - started);
  }
  const [median] = timings.sort((a, b) => a - b).slice(25);
  expect(median).toBeLessThan(100);
  while (!api.waiting()) await sleep(5);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  await api.close();
});

test.each([
  [
    "a model that is not in the registry",
    { SLIPWAY_MODEL: `a/b@sha256:${"0".repeat(64)}` },
    "Slipway.NotFound",
    /no a\/b@/,
  ],
  ["an environment that lacks the model", { SLIPWAY_MODEL: "" }, "Slipway.BadInput", /SLIPWAY_MODEL/],
])("a Lambda function tells why it cannot start: %s", async (_what, env, errorType, message) => {
  const api = await runtimeApi();
  const child = lambda(api.address, env);
  const [{ json }, [code]] = await Promise.all([api.initError, once(child, "exit") as Promise<[number]>]);
  expect(json).toEqual({ errorType, errorMessage: expect.stringMatching(message) as string, stackTrace: [] });
  expect(code).not.toBe(0);
  await api.close();
});
