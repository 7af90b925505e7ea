import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadTest, percentile } from "../../../runtime/traffic/load-test.ts";

describe("percentile", () => {
  test.each([
    [[15, 20, 35, 40, 50], 0.3, 20], // the worked example of the nearest-rank method
    [[15, 20, 35, 40, 50], 0.4, 20],
    [[15, 20, 35, 40, 50], 0.5, 35],
    [[15, 20, 35, 40, 50], 1, 50],
    [[7], 0.99, 7],
    [[], 0.5, NaN],
  ])("of %j at %d is %d", (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  test("leaves no more than the rest above it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(), { minLength: 1 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const sorted = values.sort((a, b) => a - b);
          const limit = percentile(sorted, share);
          expect(sorted.filter((v) => v > limit).length).toBeLessThanOrEqual(
            (1 - share) * sorted.length + 1e-9,
          );
        },
      ),
    );
  });
});

test("counts what was answered, and its rate, and leaves the warm-up out", async () => {
  let asked = 0;
  let clock = 0;
  const result = await loadTest({
    requests: 100,
    callers: 4,
    warmup: 10,
    now: () => clock,
    ask: async () => {
      asked++;
      if (asked > 10) clock += 20;
      return asked % 10 === 0 ? undefined : asked <= 10 ? 9999 : 5;
    },
  });
  expect(asked).toBe(110);
  expect(result).toEqual({
    requests: 100,
    failures: 10,
    p50Ms: 5,
    p99Ms: 5,
    requestsPerSecond: 45,
    seconds: 2,
  });
});

test("never has more requests in flight than callers", async () => {
  let inFlight = 0;
  let most = 0;
  await loadTest({
    requests: 50,
    callers: 3,
    ask: async () => {
      most = Math.max(most, ++inFlight);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight--;
      return 1;
    },
  });
  expect(most).toBe(3);
});

test("asks no more after its seconds, and says how many it asked", async () => {
  let clock = 0;
  const result = await loadTest({
    requests: 1000,
    callers: 1,
    maxSeconds: 1,
    warmup: 0,
    now: () => clock,
    ask: async () => {
      clock += 100;
      return 100;
    },
  });
  expect(result).toMatchObject({ requests: 10, failures: 0, requestsPerSecond: 10, seconds: 1 });
});
