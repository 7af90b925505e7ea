import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { ModelStatus, PlatformStatus } from "../../operations/status/platform-status.ts";
import { machineSnapshot, type MachineSnapshot } from "../../local/cluster/machine-snapshot.ts";
import { home } from "../../local/home.ts";
import { runCommand } from "../../local/run-command.ts";
import { checkBackupAndRestore } from "./backup-and-restore.ts";
import { checkGpuScheduling } from "./gpu-scheduling.ts";
import { runProduct } from "./run-product.ts";
import { servingExample } from "../runtime/serving/serving-example.ts";

const root = new URL("../..", import.meta.url).pathname;
const ours = !existsSync(home());
if (!ours) console.warn(`${home()} holds a platform already: it is used, and left as it is`);

/** Position of `temp` among the features of the pushback model. */
const TEMPERATURE_COLUMN = 8;
const inferInputSchema = z.looseObject({ data: z.array(z.number().nullable()) });
const inferSchema = z.object({ outputs: z.array(z.object({ data: z.array(z.number()) })) });

const slipway = (...args: string[]): ReturnType<typeof runProduct> => runProduct(args, { cwd: root });

async function status(): Promise<PlatformStatus> {
  const { text } = await slipway("status", "--json");
  return JSON.parse(text.slice(text.indexOf("{"))) as PlatformStatus;
}

async function modelStatus(name: string): Promise<ModelStatus | undefined> {
  return (await status()).models.find((model) => model.name === name);
}

describe("npm run up, from nothing to a model in production", () => {
  let before: MachineSnapshot;
  let printed = "";

  beforeAll(async () => {
    before = await machineSnapshot();
    const { code, text } = await slipway("up");
    printed = text;
    expect(code).toBe(0);
  });

  afterAll(async () => {
    if (ours) await slipway("down");
  });

  it("ends with the pushback model in production, the same that was validated in staging", async () => {
    // A platform that stood here may have had no caller for a while. Prometheus finds new pods every 10 seconds and asks them every 15.
    for (const [curl] of printed.matchAll(/^curl .*$/gm)) await runCommand("sh", ["-c", curl]);
    const answered = async (): Promise<boolean> =>
      (await status()).services.every(({ p50Ms }) => p50Ms !== null);
    await expect.poll(answered, { timeout: 120_000, interval: 5000 }).toBe(true);
    const found = await status();
    expect(found.cluster.ready).toBe(true);
    expect(found.stack.resources).toBeGreaterThan(80);
    expect(found.problems).toEqual([]);
    const model = await modelStatus("pushback");
    expect(model).toMatchObject({ workload: "flight-delays", gate: "passed" });
    expect(model?.champion).toBe(model?.newest);
    expect(model?.metric?.value).toBeGreaterThanOrEqual(0.89);
    expect(found.services.map(({ name, environment, ready }) => ({ name, environment, ready }))).toEqual([
      { name: "pushback", environment: "production", ready: true },
      { name: "pushback", environment: "staging", ready: true },
    ]);
    for (const service of found.services) {
      expect(service.digest).toBe(model?.champion);
      expect(service.answering).toEqual([model?.champion]);
      expect(service.p50Ms).toBeGreaterThan(0);
      expect(service.p99Ms).toBeGreaterThanOrEqual(service.p50Ms ?? Infinity);
    }
  });

  it("refuses the model that does not reach the gate, and says why", async () => {
    const refused = await modelStatus("two-hours-before");
    expect(refused).toMatchObject({ gate: "refused", newest: null, champion: null });
    expect(refused?.metric?.value).toBeGreaterThan(0.7);
    expect(refused?.metric?.value).toBeLessThan(0.8);
    expect(refused?.reason).toMatch(/0\.8/);
    const { code, text } = await slipway("promote", "--model", "two-hours-before");
    expect(code).toBe(1);
    expect(text).toContain("production stays as it was");
  });

  it("prints a curl line that works as it stands", async () => {
    const [, curl = "", expected = ""] = /^(curl .*)\n# expect ([\d.]+)$/m.exec(printed) ?? [];
    expect(curl).not.toBe("");
    const { outputs } = inferSchema.parse(JSON.parse(await runCommand("sh", ["-c", curl])));
    expect(outputs[0]?.data[0]).toBeCloseTo(Number(expected), 5);
  });

  it("answers the example of docs/serving.md as the page prints it", async () => {
    const [, address = ""] = /^curl -s http:\/\/(\S+):8080/m.exec(printed) ?? [];
    const { curl, answer } = servingExample();
    const got = JSON.parse(await runCommand("sh", ["-c", curl.replace("ADDRESS", address)])) as typeof answer;
    const near = (probability: number): unknown => expect.closeTo(probability, 3);
    expect(got.predictions).toEqual(
      answer.predictions.map((each) => ({
        ...each,
        probability: near("probability" in each ? each.probability : NaN),
      })),
    );
  });

  it("has nothing to do the second time", async () => {
    const digest = (await modelStatus("pushback"))?.champion;
    const { code, text } = await slipway("up");
    expect(code).toBe(0);
    expect(text).toContain("cached: everything runs already");
    expect(text).toMatch(/Deploy stack dev \(cached: nothing to change/);
    expect(text).not.toContain("▸ Ingest");
    expect((await modelStatus("pushback"))?.champion).toBe(digest);
  });

  it("puts back what people deleted and changed by hand", async () => {
    const kubectl = await kubectlPath();
    const on = (namespace: string): string[] => ["--kubeconfig", home("kubeconfig"), "-n", namespace];
    await runCommand(kubectl, [...on("staging"), "delete", "deployment", "pushback"]);
    await runCommand(kubectl, [...on("production"), "scale", "deployment", "pushback", "--replicas", "2"]);
    expect((await status()).problems).toContainEqual(
      expect.objectContaining({ about: "service staging/pushback", fix: "npm run up" }),
    );
    expect((await slipway("up")).code).toBe(0);
    const { services, problems } = await status();
    expect(problems).toEqual([]);
    expect(services.map(({ ready, wantedReplicas }) => ({ ready, wantedReplicas }))).toEqual([
      { ready: true, wantedReplicas: 1 },
      { ready: true, wantedReplicas: 1 },
    ]);
  });

  it("trains the same model again from the same inputs", async () => {
    const digest = (await modelStatus("pushback"))?.champion ?? "none";
    const { code, text } = await slipway("train", "--model", "pushback");
    expect(code).toBe(0);
    expect(text).toContain(digest);
    expect((await slipway("promote", "--model", "pushback")).text).toContain("is in production already");
  });

  // The window of a platform that stood here holds rows that this test does not know.
  it.runIf(ours)("takes a week of December for what it is: the training data had weeks like it", async () => {
    const rows = async (): Promise<number> => (await productionDrift()).rows;
    await expect.poll(rows, { timeout: 120_000, interval: 5000 }).toBeGreaterThanOrEqual(500); // the first test rows, from `up`
    expect((await slipway("replay", "--from", "2013-12-01", "--rows", "5000")).code).toBe(0);
    await expect.poll(rows, { timeout: 120_000, interval: 5000 }).toBe(5000);
    const { maxPsi, limit } = await productionDrift();
    expect(maxPsi).toBeGreaterThan(0.25); // what a fixed threshold would call drift
    expect(maxPsi).toBeLessThan(limit ?? 0);
  });

  it("sees a caller that sends another unit, raises the alert, and shows what Slack would have got", async () => {
    await sendKelvin(printed, 5000);
    expect((await slipway("replay", "--rows", "1")).code).toBe(0); // measures the drift now
    const drifted = async (): Promise<boolean> => {
      const { maxPsi, limit } = await productionDrift();
      return maxPsi !== null && limit !== null && maxPsi >= limit;
    };
    await expect.poll(drifted, { timeout: 120_000, interval: 5000 }).toBe(true);
    const firing = async (): Promise<string[]> =>
      (await status()).alerts.filter(({ state }) => state === "firing").map(({ name }) => name);
    // The alert waits for six minutes, which is two reports of the drift job.
    await expect.poll(firing, { timeout: 600_000, interval: 5000 }).toContain("ModelDrift");
    await expect.poll(messages, { timeout: 120_000, interval: 5000 }).toContain("ModelDrift");
  });

  it("brings a server that was killed back", async () => {
    const pods = ["--kubeconfig", home("kubeconfig"), "--namespace", "production"];
    const kubectl = await kubectlPath();
    await runCommand(kubectl, [
      ...pods,
      "delete",
      "pod",
      "--selector=app.kubernetes.io/name=pushback",
      "--grace-period=0",
      "--force",
    ]);
    await sleep(1000);
    const ready = async (): Promise<boolean | undefined> =>
      (await status()).services.find(({ environment }) => environment === "production")?.ready;
    await expect.poll(ready, { timeout: 120_000, interval: 2000 }).toBe(true);
  });

  // The storage of the registry is deleted.
  it.runIf(ours)("finds its models again after the registry is lost and restored from a backup", async () => {
    await checkBackupAndRestore({ slipway, status });
  });

  it("runs what asks for a GPU where there is one and nothing else there; without one it waits, and the status says why", async () => {
    await checkGpuScheduling(status);
  });

  it.runIf(ours)("leaves the machine as it was when it is taken down", async () => {
    expect((await slipway("down")).code).toBe(0);
    await sleep(1000); // the kernel takes namespaces and their links down in its own time
    expect(await machineSnapshot()).toEqual(before);
    expect(existsSync(home())).toBe(false);
  });
});

async function productionDrift(): Promise<PlatformStatus["drift"][number]> {
  const found = (await status()).drift.find(({ environment }) => environment === "production");
  if (found === undefined) throw new Error("production has no drift report");
  return found;
}

/** Sends rows like the one of the curl line that `up` prints, with temperatures in kelvin, which training has in °F. */
async function sendKelvin(printed: string, rows: number): Promise<void> {
  const [, url = "", body = "{}"] =
    /^Ask production\/pushback:\n\ncurl -s (\S+) .*-d '(.*)'$/m.exec(printed) ?? [];
  const { inputs } = z.object({ inputs: z.array(inferInputSchema) }).parse(JSON.parse(body));
  const [input] = inputs;
  if (input === undefined) throw new Error("up printed no curl line of production/pushback");
  const perRequest = 100;
  for (let sent = 0; sent < rows; sent += perRequest) {
    const data = Array.from({ length: perRequest }, (_, index) =>
      input.data.with(TEMPERATURE_COLUMN, 290 + (index % 20)),
    ).flat();
    const request = { inputs: [{ ...input, shape: [perRequest, input.data.length], data }] };
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(request) });
    await answer.body?.cancel();
    expect(answer.status).toBe(200);
  }
}

async function kubectlPath(): Promise<string> {
  const { kubectl } = await import("../../local/tools/kubectl.ts");
  const { silentProgress } = await import("../../local/progress.ts");
  return kubectl(silentProgress);
}

/** What the local receiver holds, as text. */
async function messages(): Promise<string> {
  const kubectl = await kubectlPath();
  const path = "/api/v1/namespaces/monitoring/services/alerts-receiver:8080/proxy/messages";
  return runCommand(kubectl, ["--kubeconfig", home("kubeconfig"), "get", "--raw", path]);
}
