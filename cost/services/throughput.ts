import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../prices/read-json.ts";

const measurementSchema = z.strictObject({
  /** Workload and model, such as `flight-delays/pushback`. */
  model: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be WORKLOAD/MODEL"),
  /** Digest of the measured version. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256:<64 hex digits>"),
  /** Highest throughput of one server. */
  requestsPerSecond: z.number().positive(),
  rowsPerRequest: z.int().positive(),
  /** CPU cores that the server used during the measurement. */
  cores: z.number().positive(),
  /** GPU of the server, by its name in the stack config. @default - none */
  gpu: z.string().optional(),
  /** Machine of the measurement, and what else ran there. */
  machine: z.string().min(1),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day, such as 2026-11-26"),
  /** Origin of the measurement: a command or a report. */
  source: z.string().min(1),
});
/** A measurement of the highest throughput of a model's server. */
export type Measurement = z.infer<typeof measurementSchema>;

const fileSchema = z.strictObject({ measurements: z.array(measurementSchema) });

const FILE = join(import.meta.dirname, "throughput.json");

/** Loads the measurements of the repository. For a model in the override file, only the override file counts. */
export function loadThroughput({ overrideFile }: { overrideFile?: string } = {}): Measurement[] {
  const { measurements } = readJson(FILE, fileSchema);
  if (overrideFile === undefined || !existsSync(overrideFile)) return measurements;
  const own = readJson(overrideFile, fileSchema).measurements;
  const replaced = new Set(own.map(({ model }) => model));
  return [...own, ...measurements.filter(({ model }) => !replaced.has(model))];
}
