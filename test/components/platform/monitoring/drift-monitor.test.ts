import { expect, test } from "vitest";
import {
  DriftMonitor,
  type DriftMonitorArgs,
} from "../../../../components/platform/monitoring/drift-monitor.ts";
import { driftEnvSchema } from "../../../../runtime/contract/env.ts";
import { find, list, named, record, type Recorded } from "../../record.ts";
import { modelReference, monitoringOn, stage } from "../../stage.ts";

const build = (args: Partial<DriftMonitorArgs> = {}) =>
  record(() => {
    const parts = stage();
    const { staging, registry, featureStore } = parts;
    new DriftMonitor("drift", {
      environment: staging,
      registry,
      featureStore,
      monitoring: monitoringOn(parts),
      image: registry.image("runtime"),
      service: "pushback",
      model: modelReference,
      ...args,
    });
  });

interface CronSpec {
  schedule: string;
  concurrencyPolicy: string;
  jobTemplate: {
    spec: {
      template: { spec: { containers: [{ args: string[]; env: { name: string; value?: string }[] }] } };
    };
  };
}
const cron = (resources: readonly Recorded[]): CronSpec =>
  find(resources, "kubernetes:batch/v1:CronJob", "drift-job")["spec"] as CronSpec;
const envOf = (resources: readonly Recorded[]): Record<string, string | undefined> =>
  Object.fromEntries(
    cron(resources).jobTemplate.spec.template.spec.containers[0].env.map(({ name, value }) => [name, value]),
  );

/** Built with only the required arguments. */
const standard = await build();

test("a drift monitor is a CronJob with an account and a policy", async () => {
  expect(list(named(standard.resources, "drift"))).toEqual([
    "kubernetes:batch/v1:CronJob drift-job",
    "kubernetes:core/v1:ServiceAccount drift-account",
    "kubernetes:networking.k8s.io/v1:NetworkPolicy drift-egress",
    "slipway:drift:DriftMonitor drift",
  ]);
});

test("it runs every five minutes by default, and its runs never overlap", async () => {
  expect(cron(standard.resources)).toMatchObject({
    schedule: "*/5 * * * *",
    concurrencyPolicy: "Forbid",
  });
  expect(cron((await build({ intervalMinutes: 15 })).resources).schedule).toBe("*/15 * * * *");
});

test("its environment variables satisfy the contract of the job", async () => {
  const { resources } = await build({ threshold: 0.2, minRows: 700, windowRows: 900 });
  const env = driftEnvSchema.parse({
    ...envOf(resources),
    SLIPWAY_FEATURE_STORE_PASSWORD: "from the secret",
  });
  expect(env).toMatchObject({
    SLIPWAY_MODEL: modelReference,
    SLIPWAY_ENVIRONMENT: "staging",
    SLIPWAY_SERVICE: "pushback",
    SLIPWAY_PUSHGATEWAY_URL: "http://pushgateway.monitoring.svc:9091",
    SLIPWAY_DRIFT_THRESHOLD: 0.2,
    SLIPWAY_DRIFT_MIN_ROWS: 700,
    SLIPWAY_DRIFT_WINDOW_ROWS: 900,
  });
});

test("it sets no variable for an argument that is left out", async () => {
  expect(Object.keys(envOf(standard.resources))).toEqual([
    "SLIPWAY_REGISTRY",
    "DOCKER_CONFIG",
    "SLIPWAY_FEATURE_STORE_URL",
    "SLIPWAY_FEATURE_STORE_USERNAME",
    "SLIPWAY_FEATURE_STORE_PASSWORD",
    "SLIPWAY_MODEL",
    "SLIPWAY_ENVIRONMENT",
    "SLIPWAY_SERVICE",
    "SLIPWAY_PUSHGATEWAY_URL",
  ]);
});

test.each([
  [{ intervalMinutes: 7 }, "drift: intervalMinutes must be a divisor of 60 from 1 to 30, got 7: use 5 or 15"],
  [{ minRows: 499 }, "drift: minRows must be at least 500, got 499"],
  [{ windowRows: 499 }, "drift: windowRows must be at least 500, got 499"],
])("refuses %o", async (args, message) => {
  await expect(build(args)).rejects.toThrow(message);
});
