import type { Redis } from "ioredis";
import { predictionEntrySchema } from "../contract/prediction-log.ts";
import type { PredictionEntry } from "../contract/prediction-log.ts";
import { Unavailable, describeError } from "../errors.ts";
import type { PredictionWindow } from "./drift-report.ts";

export interface WindowOptions {
  /** Key of the stream. */
  stream: string;
  /** Greatest number of rows. */
  rows: number;
  /** Stream entries per read. @default 1000 */
  page?: number;
  /** Bounds of an empty window. @default - now */
  now?: Date;
}

/** The part of a Redis client that reads a stream. */
export type StreamReader = Pick<Redis, "xrevrange">;

/**
 * Reads the newest predictions of a stream, newest first, and counts the records that could not be parsed. Throws Unavailable if
 * Redis does not answer.
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

/** Returns undefined for a record in another form: a stream may hold records of older versions. */
function parseEntry(fields: readonly string[]): PredictionEntry | undefined {
  const text = fields[fields.indexOf("entry") + 1];
  try {
    return predictionEntrySchema.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
