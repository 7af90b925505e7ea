import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../stacks/config/parse-config.ts";
import { list } from "../components/record.ts";
import { digest, rawConfig, stack } from "./stack.ts";

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const whole = (min: number, max: number): fc.Arbitrary<number | undefined> =>
  optional(fc.integer({ min, max }));
const service = fc.record({
  workload: fc.constant("flight-delays"),
  modelName: fc.constantFrom("pushback", "two-hours-before"),
  model: fc.constant({ digest }),
  replicas: whole(1, 4),
  cpuRequestMillis: whole(10, 1000),
  cpuLimitMillis: whole(100, 2000),
  memoryMib: whole(256, 2000),
  gpu: optional(fc.record({ type: fc.constant("nvidia-l4"), count: whole(1, 2) })),
  logSample: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  logMaxEntries: whole(1, 10),
  drainSeconds: whole(0, 60),
});
const name = fc.constantFrom("a", "b", "a-b", "a-drift", "b-metrics", "default");
const config = fc.record({
  "slipway:environments": fc.dictionary(
    name,
    fc.record({
      services: fc.dictionary(name, service, { maxKeys: 2 }),
      quota: fc.record({ pods: whole(10, 60) }),
    }),
    { minKeys: 1, maxKeys: 2 },
  ),
  "slipway:drift": fc.record({
    intervalMinutes: optional(fc.constantFrom(1, 4, 7, 12, 20, 25, 30)),
    minRows: whole(499, 6000),
    windowRows: whole(499, 20000),
  }),
  "slipway:monitoring": fc.record({
    availability: optional(fc.double({ min: 0.93, max: 0.9999, noNaN: true })),
    p99Ms: optional(fc.double({ min: 1, max: 6000, noNaN: true })),
    scrapeSeconds: whole(5, 60),
    storageGib: whole(1, 3),
  }),
  "slipway:training": fc.record({ cpuLimitMillis: whole(100, 4000), memoryMib: whole(1024, 4096) }),
  "slipway:featureStore": fc.record({ maxMemoryMib: whole(64, 1024), storageGib: whole(1, 3) }),
  "slipway:alerts": fc.record({ receiver: fc.constant("local"), groupWaitSeconds: whole(0, 60) }),
});

/** JSON has no `undefined`. */
const plain = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
const dev = await rawConfig("dev");
function isAccepted(overrides: Record<string, unknown>): boolean {
  const texts = Object.entries(overrides).map(([key, value]) => [key, JSON.stringify(value)] as const);
  try {
    parseConfig({ ...dev, ...Object.fromEntries(texts) });
    return true;
  } catch {
    return false;
  }
}

test("no component refuses a config that the check accepts", { timeout: 120_000 }, async () => {
  const samples = fc.sample(config.map(plain), { numRuns: 200, seed: 7 });
  const accepted = samples.filter(isAccepted);
  expect(accepted.length).toBeGreaterThan(20);
  expect(accepted.length).toBeLessThan(samples.length);
  for (const overrides of accepted.slice(0, 4)) {
    const resources = await stack("dev", overrides);
    expect(new Set(list(resources)).size, JSON.stringify(overrides)).toBe(resources.length);
  }
});
