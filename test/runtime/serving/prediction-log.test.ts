import fc from "fast-check";
import { expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServedModel } from "../../../runtime/serving/model-repository.ts";
import { predictionLog } from "../../../runtime/serving/prediction-log.ts";
import type {
  LoggedPrediction,
  PredictionLog,
  PredictionLogOptions,
  PredictionSink,
} from "../../../runtime/serving/prediction-log.ts";
import { TINY_DIGEST } from "./served-tiny-model.ts";
import { tinyCard } from "./tiny-model.ts";

const model: ServedModel = {
  card: tinyCard,
  digest: TINY_DIGEST,
  scorer: { score: async () => new Float32Array(), close: async () => {} },
  store: { lookup: async () => [] },
};

interface Harness {
  log: PredictionLog;
  written: LoggedPrediction[];
  counts: { logged: number; lost: number };
}

function harness(
  sink: Partial<PredictionSink> & { isReady?: () => boolean } = {},
  options: Partial<PredictionLogOptions> = {},
): Harness {
  const written: LoggedPrediction[] = [];
  const counts = { logged: 0, lost: 0 };
  const log = predictionLog({
    sink: {
      get ready() {
        return sink.isReady?.() ?? true;
      },
      write: async (entries) => void written.push(...entries),
      close: async () => {},
      ...sink,
    },
    environment: "staging",
    service: "delays",
    intervalMs: 1,
    onLogged: (_model, count) => (counts.logged += count),
    onLost: (_model, count) => (counts.lost += count),
    ...options,
  });
  return { log, written, counts };
}

const ID = "7f1c2f4e-55b1-4bb6-a1f0-0c2d5a7f9f11";
const batchOf = (rows: number): [Float32Array, Float32Array] => [
  Float32Array.from({ length: rows * 5 }, (_, i) => i),
  Float32Array.from({ length: rows }, () => 0.5),
];

test("writes each row to the stream of its environment, service and model digest, with null for a missing value", async () => {
  const { log, written } = harness();
  log.record(model, ID, Float32Array.from([0, NaN, 2, 3, 4]), Float32Array.from([0.25]));
  await log.close();
  expect(written).toEqual([
    {
      model: "tiny",
      stream: `predictions:staging:delays:${TINY_DIGEST}`,
      entry: { id: ID, row: 0, features: [0, null, 2, 3, 4], score: 0.25 },
    },
  ]);
});

test("every prediction is written or counted as lost, whatever the queue, and none twice", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 10 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 10 }),
      fc.boolean(),
      async (sizes, maxQueue, maxBatch, failing) => {
        const write = (): Promise<void> => Promise.reject(new Error("down"));
        const { log, written, counts } = harness(failing ? { write } : {}, { maxQueue, maxBatch });
        for (const rows of sizes) log.record(model, ID, ...batchOf(rows));
        await log.close();
        const total = sizes.reduce((sum, rows) => sum + rows, 0);
        expect(counts.logged + counts.lost).toBe(total);
        expect(written.length).toBe(counts.logged);
        if (failing) expect(counts.lost).toBe(total);
        else expect(counts.logged).toBe(Math.min(total, maxQueue));
      },
    ),
    { numRuns: 50 },
  );
});

test("keeps predictions while the sink cannot be reached, up to its bound, and writes them when it can", async () => {
  const sink = { ready: false };
  const { log, written, counts } = harness({ isReady: () => sink.ready }, { maxQueue: 10 });
  log.record(model, ID, ...batchOf(15));
  await sleep(40);
  expect(written).toEqual([]);
  expect(counts).toEqual({ logged: 0, lost: 5 });
  sink.ready = true;
  await sleep(50);
  expect(written.length).toBe(10);
  await log.close();
});

test("keeps the share that it is told to", async () => {
  const draws = [0.1, 0.29, 0.3, 0.9];
  const { log, written, counts } = harness({}, { sample: 0.3, random: () => draws.shift() ?? 1 });
  log.record(model, ID, ...batchOf(4));
  await log.close();
  expect(written.map(({ entry }) => entry.features[0])).toEqual([0, 5]);
  expect(counts).toEqual({ logged: 2, lost: 0 });
});

test("of a burst keeps an even sample, and calls no more than what waited in vain lost", async () => {
  const { log, written, counts } = harness({}, { maxPerInterval: 100, intervalMs: 20 });
  for (let i = 0; i < 100; i++) log.record(model, ID, ...batchOf(50));
  await log.close();
  const rows = written.map(({ entry }) => entry.row);
  expect(rows).toHaveLength(100);
  // Of 5000 rows the first 100 would all be of the first two requests, each row twice.
  expect(new Set(rows).size).toBeGreaterThan(30);
  expect(counts).toEqual({ logged: 100, lost: 0 });
});

test("record returns at once while a write hangs, and close gives up after two seconds", async () => {
  const { log, counts } = harness({ write: () => new Promise(() => {}) }, { maxBatch: 1 });
  log.record(model, ID, ...batchOf(3));
  const started = performance.now();
  await log.close();
  expect(performance.now() - started).toBeLessThan(3000);
  expect(counts.lost).toBe(2); // the third hangs: nobody knows
});
