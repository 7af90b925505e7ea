import type { Redis } from "ioredis";
import { predictionEntrySchema } from "../contract/prediction-log.ts";
import type { PredictionEntry } from "../contract/prediction-log.ts";
import { Unavailable, describeError } from "../errors.ts";
import type { PredictionWindow } from "./drift-report.ts";

export interface WindowOptions {
  /** Key of the stream. */
  stream: string;
  /** Rows at most. */
  rows: number;
  /** Stream entries read at once. @default 1000 */
  page?: number;
  /** Bounds of an empty window. @default - now */
  now?: Date;
}

/** What reading a stream takes of a Redis client. */
export type StreamReader = Pick<Redis, "xrevrange">;

/**
 * The newest predictions of one stream, newest first, and how many records of the stream could not be read. Throws
 * Unavailable if Redis does not answer.
 */
export async function readWindow(
  redis: StreamReader,
  options: WindowOptions,
): Promise<PredictionWindow & { unreadable: number }> {
  const { stream, rows, page = 1000, now = new Date() } = options;
  const entries: PredictionEntry[] = [];
  let unreadable = 0;
  let newest: Date | undefined;
  let oldest: Date | undefined;
  let end = "+";
  while (entries.length < rows) {
    const records = await redis.xrevrange(stream, end, "-", "COUNT", page).catch((error: unknown) => {
      throw new Unavailable(`prediction log: read failed: ${describeError(error)}; check that Redis runs`);
    });
    for (const [id, fields] of records) {
      end = `(${id}`;
      const entry = parseEntry(fields);
      if (entry === undefined) unreadable++;
      else if (entries.length < rows) {
        entries.push(entry);
        oldest = new Date(Number(id.split("-")[0]));
        newest ??= oldest;
      }
    }
    if (records.length < page) break;
  }
  return { from: oldest ?? now, to: newest ?? now, entries, unreadable };
}

/** Streams outlive models: a record of another form is no reason to stop. */
function parseEntry(fields: readonly string[]): PredictionEntry | undefined {
  const text = fields[fields.indexOf("entry") + 1];
  try {
    return predictionEntrySchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
