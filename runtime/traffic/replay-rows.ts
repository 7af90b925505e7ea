import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { BadInput, NotFound, Unavailable } from "../errors.ts";
import type { HttpClient } from "./http-client.ts";
import { inferBody, scoresOf } from "./infer-body.ts";

export interface ReplayOptions {
  http: HttpClient;
  model: string;
  /** Names of the columns of `values`. */
  features: readonly string[];
  /** Row-major, missing = NaN. */
  values: Float32Array;
  /** Greatest number of rows per second. */
  rate: number;
  /** Rows per request. */
  batch: number;
  signal: AbortSignal;
  onProgress?: (sent: ReplayResult) => void;
}

export interface ReplayResult {
  /** Rows that were answered. */
  rows: number;
  requests: number;
  /** Requests that were not answered. */
  failures: number;
  seconds: number;
  /** Mean score of the answered rows; null if there are none, or if a row has several. */
  meanScore: number | null;
}

const tensorSchema = z.object({ name: z.string(), datatype: z.literal("FP32") });
const metadataSchema = z.object({
  inputs: z.tuple([tensorSchema.extend({ shape: z.tuple([z.literal(-1), z.int()]) })]),
  outputs: z.tuple([tensorSchema.extend({ shape: z.tuple([z.literal(-1), z.int()]) })]),
  parameters: z.object({ features: z.array(z.string()) }),
});

/** A service that fails this many requests in a row is down; sending more would take hours. */
const MAX_FAILURES_IN_A_ROW = 20;

/**
 * Sends rows to a served model at a bounded rate, one request at a time. Throws BadInput if the model has other features,
 * and Unavailable if it fails 20 requests in a row.
 */
export async function replayRows(options: ReplayOptions): Promise<ReplayResult> {
  const { http, model, features, values, rate, batch, signal, onProgress = () => {} } = options;
  const { input, output } = await tensorsOf(http, model, features);
  const width = features.length;
  const total = values.length / width;
  const started = performance.now();
  const done: ReplayResult = { rows: 0, requests: 0, failures: 0, seconds: 0, meanScore: null };
  let sum = 0;
  let failuresInARow = 0;
  for (let first = 0; first < total && !signal.aborted; first += batch) {
    const dueMs = (first / rate) * 1000 - (performance.now() - started);
    if (dueMs > 0) await sleep(dueMs);
    const count = Math.min(batch, total - first);
    const rows = Array.from({ length: count }, (_, i) =>
      Array.from(values.subarray((first + i) * width, (first + i + 1) * width), (v) =>
        Number.isNaN(v) ? null : v,
      ),
    );
    const path = `/v2/models/${model}/infer`;
    const answer = await http.send({ path, body: inferBody(input, rows) }).catch(() => undefined);
    const scores = answer?.status === 200 ? scoresOf(answer.json, output, count) : undefined;
    done.requests++;
    if (scores === undefined) {
      done.failures++;
      if (++failuresInARow === MAX_FAILURES_IN_A_ROW)
        throw new Unavailable(
          `${model}: ${failuresInARow} requests in a row failed, the last with ${answer === undefined ? "no answer" : `status ${answer.status}`}; read the service's log`,
        );
    } else {
      failuresInARow = 0;
      done.rows += count;
      sum += scores.reduce((a, b) => a + b, 0);
      done.meanScore = output.shape[1] === 1 ? sum / done.rows : null;
    }
    done.seconds = (performance.now() - started) / 1000;
    onProgress(done);
  }
  return done;
}

type Metadata = z.infer<typeof metadataSchema>;

async function tensorsOf(
  http: HttpClient,
  model: string,
  features: readonly string[],
): Promise<{ input: Metadata["inputs"][0]; output: Metadata["outputs"][0] }> {
  const { status, json } = await http.send({ path: `/v2/models/${model}` });
  if (status === 404) throw new NotFound(`the service serves no model ${model}; check --url`);
  const parsed = metadataSchema.safeParse(json);
  if (!parsed.success)
    throw new Unavailable(`${model}: the service must describe the model, got status ${status}`);
  const { inputs, outputs, parameters } = parsed.data;
  if (parameters.features.join() !== features.join())
    throw new BadInput(
      `${model}: the table must have the features of the served model (${parameters.features.join(", ")}), got ${features.join(", ")}; use the table that it was trained on`,
    );
  return { input: inputs[0], output: outputs[0] };
}

/** Returns `count` rows, spread evenly over all rows and in their order; all rows if there are fewer. */
export function spread(values: Float32Array, width: number, count: number): Float32Array {
  const total = values.length / width;
  if (count >= total) return values;
  const picked = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    const row = Math.floor((i * total) / count);
    picked.set(values.subarray(row * width, (row + 1) * width), i * width);
  }
  return picked;
}
