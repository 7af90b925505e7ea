import { expect, test } from "vitest";
import { saturate } from "../../../runtime/traffic/saturation.ts";

/** A server that works on `cores` requests at a time, 10 ms each, on a clock of its own. */
function server(cores: number, failsFrom = Infinity) {
  let clock = 0;
  let inFlight = 0;
  const freeAt: number[] = Array.from({ length: cores }, () => 0);
  const waiting: { at: number; answer: () => void }[] = [];
  let most = 0;
  const step = (): void => {
    const next = waiting.sort((a, b) => a.at - b.at).shift();
    if (next === undefined) return;
    clock = Math.max(clock, next.at);
    next.answer();
  };
  return {
    now: () => clock,
    most: () => most,
    ask: () =>
      new Promise<number | undefined>((resolve) => {
        most = Math.max(most, ++inFlight);
        const fails = inFlight >= failsFrom;
        const core = freeAt.indexOf(Math.min(...freeAt));
        const at = Math.max(clock, freeAt[core] ?? 0) + 10;
        freeAt[core] = at;
        waiting.push({
          at,
          answer: () => {
            inFlight--;
            resolve(fails ? undefined : 10);
          },
        });
        setImmediate(step);
      }),
  };
}

test("doubles the callers until no more is answered", async () => {
  const eight = server(8);
  const capacity = await saturate({ ...eight, rowsPerRequest: 3, callers: 2, phaseRequests: 400 });
  expect(capacity?.requestsPerSecond).toBeCloseTo(800, -1); // 8 cores, 10 ms each
  expect(capacity).toMatchObject({ rowsPerRequest: 3, requests: 400 });
  expect(eight.most()).toBe(16); // one phase more than the eight that fill it
});

test("stops at its callers where the service still answers more", async () => {
  const wide = server(64);
  const capacity = await saturate({
    ...wide,
    rowsPerRequest: 1,
    callers: 4,
    maxCallers: 8,
    phaseRequests: 200,
  });
  expect(capacity?.callers).toBe(8);
  expect(wide.most()).toBe(8);
});

test("a phase ends by its seconds", async () => {
  const capacity = await saturate({ ...server(1), rowsPerRequest: 1, callers: 1, phaseSeconds: 0.5 });
  expect(capacity?.requests).toBeLessThanOrEqual(52);
});

test("counts no phase in which a request failed", async () => {
  const options = { rowsPerRequest: 1, callers: 2, phaseRequests: 100 };
  expect((await saturate({ ...server(8, 4), ...options }))?.callers).toBe(2);
  expect(await saturate({ ...server(8, 2), ...options })).toBeUndefined();
});
