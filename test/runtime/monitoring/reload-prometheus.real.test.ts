import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { alertRules } from "../../../components/platform/monitoring/alert-rules.ts";
import { prometheusConfig } from "../../../components/platform/monitoring/prometheus-config.ts";
import type { WatchedService } from "../../../components/platform/monitoring/watched-service.ts";
import { reloadPrometheus } from "../../../runtime/monitoring/reload-prometheus.ts";
import { stringify } from "yaml";

const url = "http://127.0.0.1:19490";
const pushgateway = "127.0.0.1:19491";
const service = (name: string): WatchedService => ({
  service: name,
  namespace: "production",
  workload: "flight-delays",
  model: "pushback",
});
const signal = new AbortController().signal;
const reload = (fingerprint: string, timeoutMs = 20_000): Promise<number> =>
  reloadPrometheus({ url, fingerprint, timeoutMs, pauseMs: 100, signal });

let folder: string;
const processes: ChildProcess[] = [];

async function configure(services: WatchedService[], fingerprint: string): Promise<void> {
  const config = prometheusConfig({
    services,
    alertmanager: "127.0.0.1:1",
    pushgateway,
    scrapeSeconds: 1,
    fingerprint,
  });
  await writeFile(join(folder, "rules.yml"), stringify({ groups: alertRules({ services }) }));
  await writeFile(join(folder, "prometheus.yml"), config.replaceAll("/etc/prometheus", folder));
}

async function query(expr: string): Promise<{ metric: Record<string, string> }[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  return ((await response.json()) as { data: { result: { metric: Record<string, string> }[] } }).data.result;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await check().catch(() => false)) return;
    await sleep(200);
  }
  throw new Error("it did not happen within a minute");
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slipway-prometheus-"));
  await configure([service("a"), service("b")], "a1a1a1a1a1a1");
  processes.push(
    spawn("prometheus-pushgateway", [`--web.listen-address=${pushgateway}`], { stdio: "ignore" }),
    spawn(
      "prometheus",
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${new URL(url).host}`,
        "--web.enable-lifecycle",
      ],
      { stdio: "ignore" },
    ),
  );
  await until(
    async () => (await fetch(`${url}/-/ready`)).ok && (await fetch(`http://${pushgateway}/-/ready`)).ok,
  );
}, 90_000);
afterAll(async () => {
  for (const child of processes) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

test("a configuration that is loaded needs no reload", async () => {
  expect(await reload("a1a1a1a1a1a1")).toBe(0);
});

test("waits for the files to change, then Prometheus has them without a restart", async () => {
  const reloading = reload("b2b2b2b2b2b2");
  await sleep(500);
  await configure([service("a"), service("b"), service("c")], "b2b2b2b2b2b2");
  expect(await reloading).toBeGreaterThan(1);
  await until(async () => (await query('slipway:watched_service{service="c"}')).length === 1);
});

test("says why Prometheus refuses a configuration", async () => {
  await writeFile(join(folder, "rules.yml"), "groups: [{ name: a, rules: [{ alert: A, expr: '(' }] }]");
  await expect(reload("c3c3c3c3c3c3", 1000)).rejects.toThrow(
    /has not loaded its new configuration: .*reload config/,
  );
});

test("the drift of a service that was removed ends with it, though the Pushgateway still has it", async () => {
  for (const name of ["a", "b"])
    await fetch(`http://${pushgateway}/metrics/job/drift/environment/production/service/${name}`, {
      method: "PUT",
      body: `slipway_drift_psi{variable="x"} 1\nslipway_drift_last_run_timestamp_seconds 1\n`,
    });
  await configure([service("a"), service("b")], "d4d4d4d4d4d4");
  await reload("d4d4d4d4d4d4");
  await until(async () => (await query("slipway_drift_psi")).length === 2);
  const [one] = await query('slipway_drift_psi{service="a"}');
  expect(one?.metric).toEqual({
    __name__: "slipway_drift_psi",
    environment: "production",
    service: "a",
    job: "drift",
    variable: "x",
  });
  await configure([service("a")], "e5e5e5e5e5e5");
  await reload("e5e5e5e5e5e5");
  await until(async () => (await query("slipway_drift_psi")).length === 1);
  expect(await query("slipway_drift_last_run_timestamp_seconds")).toHaveLength(1);
  expect((await query("pushgateway_build_info")).length).toBeGreaterThan(0);
});
