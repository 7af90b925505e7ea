import { setTimeout as sleep } from "node:timers/promises";
import { predictionStream } from "../contract/prediction-log.ts";
import type { PredictionEntry } from "../contract/prediction-log.ts";
import { BINARY, watchedScores } from "../contract/task.ts";
import type { ServedModel } from "./model-repository.ts";

/**
 * Keeps a sample of the predictions, for drift. Never slows or fails a prediction: entries that cannot be written are lost and
 * counted. From a burst it keeps an even sample, so that the log represents the whole burst and not only its start.
 */
export interface PredictionLog {
  /** Records request `id`: its `batch` (rows × features, missing = NaN) and its scores. Returns at once. */
  record(model: ServedModel, id: string, batch: Float32Array, scores: Float32Array): void;
  /** Writes the queued predictions, for at most two seconds. */
  close(): Promise<void>;
}

export interface LoggedPrediction {
  /** Key of the stream. */
  stream: string;
  entry: PredictionEntry;
}

/** Destination of the predictions. */
export interface PredictionSink {
  /** False while the destination is unreachable; then predictions wait in the queue. */
  readonly ready: boolean;
  /** Writes all, in order, or throws. */
  write(predictions: readonly LoggedPrediction[]): Promise<void>;
  close(): Promise<void>;
}

export interface PredictionLogOptions {
  sink: PredictionSink;
  environment: string;
  /** Name of the service in its environment. */
  service: string;
  /** Share of predictions kept, 0 to 1. @default 1 */
  sample?: number;
  /**
   * Greatest number of predictions that are kept from one interval, drawn evenly.
   * @default 1000, which is 5000 per second
   */
  maxPerInterval?: number;
  /** Greatest number of waiting predictions, of about 200 bytes each. @default 10000 */
  maxQueue?: number;
  /** Predictions per write. Encoding 100 of them blocks the event loop for about 1 ms. @default 100 */
  maxBatch?: number;
  /** Interval between two writes of the queue, in milliseconds. @default 200 */
  intervalMs?: number;
  onLogged?: (model: string, count: number) => void;
  onLost?: (model: string, count: number) => void;
  /** Returns a uniform number in [0, 1). @default Math.random */
  random?: () => number;
}

const CLOSE_TIMEOUT_MS = 2000;

interface Queued extends LoggedPrediction {
  model: string;
}

export function predictionLog(options: PredictionLogOptions): PredictionLog {
  const {
    sink,
    environment,
    service,
    sample = 1,
    maxQueue = 10_000,
    maxBatch = 100,
    intervalMs = 200,
  } = options;
  const { onLogged = () => {}, onLost = () => {}, random = Math.random } = options;
  const { maxPerInterval = 1000 } = options;
  const queue: Queued[] = [];
  const drawn: Queued[] = [];
  let seen = 0;
  let closing = false;
  let flushing: Promise<void> | undefined;

  /** Reservoir sampling: each of the `seen` predictions of an interval is kept with the same probability. */
  function draw(make: () => Queued): void {
    seen++;
    if (drawn.length < maxPerInterval) drawn.push(make());
    else {
      const at = Math.floor(random() * seen);
      if (at < maxPerInterval) drawn[at] = make();
    }
  }

  /** Ends an interval: moves the drawn predictions to the queue; those for which the queue has no room are lost. */
  function enqueue(): void {
    const room = Math.max(0, maxQueue - queue.length);
    const taken = drawn.splice(0);
    seen = 0;
    queue.push(...taken.slice(0, room));
    for (const [model, count] of countByModel(taken.slice(room))) onLost(model, count);
  }

  async function flush(): Promise<void> {
    while (queue.length > 0 || drawn.length > 0) {
      if (!closing) await sleep(intervalMs, undefined, { ref: false });
      enqueue();
      while (sink.ready && queue.length > 0) {
        const batch = queue.splice(0, maxBatch);
        // A write that reported an error may have succeeded: a retry could count predictions twice.
        const count = await sink.write(batch).then(
          () => onLogged,
          () => onLost,
        );
        for (const [model, predictions] of countByModel(batch)) count(model, predictions);
      }
      if (closing && !sink.ready) return;
    }
  }

  return {
    record({ card, digest }, id, batch, scores) {
      const width = card.features.length;
      const stream = predictionStream({ environment, service, digest });
      const watched = watchedScores(card.task ?? BINARY, scores);
      const entryOf = (row: number): PredictionEntry => ({
        id,
        row,
        features: Array.from(batch.subarray(row * width, (row + 1) * width), toNullable),
        score: watched[row] ?? NaN,
      });
      for (let row = 0; row < watched.length; row++) {
        if (sample < 1 && random() >= sample) continue;
        if (closing) onLost(card.name, 1);
        else draw(() => ({ model: card.name, stream, entry: entryOf(row) }));
      }
      flushing ??= flush().finally(() => (flushing = undefined));
    },
    async close() {
      closing = true;
      flushing ??= flush();
      await Promise.race([flushing, sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      enqueue();
      for (const [model, count] of countByModel(queue.splice(0))) onLost(model, count);
      await sink.close();
    },
  };
}

const toNullable = (value: number): number | null => (Number.isNaN(value) ? null : value);

function countByModel(predictions: readonly Queued[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { model } of predictions) counts.set(model, (counts.get(model) ?? 0) + 1);
  return counts;
}
