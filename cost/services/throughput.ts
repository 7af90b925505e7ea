import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../prices/read-json.ts";

const measurementSchema = z.strictObject({
  /** Workload and model, such as `flight-delays/pushback`. */
  model: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be WORKLOAD/MODEL"),
  /** Version that was measured. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256:<64 hex digits>"),
  /** What one server answered at most. */
  requestsPerSecond: z.number().positive(),
  rowsPerRequest: z.int().positive(),
  /** Cores that the server kept busy meanwhile. */
  cores: z.number().positive(),
  /** GPU that it used, by the name of the stack config. @default - none */
  gpu: z.string().optional(),
  /** Where, and what else ran there. */
  machine: z.string().min(1),
  date: z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a day, such as 2026-11-26"),
  /** What measured it: a command or a report. */
  source: z.string().min(1),
});
/** What a model's server was seen to answer at most. */
export type Measurement = z.infer<typeof measurementSchema>;

const fileSchema = z.strictObject({ measurements: z.array(measurementSchema) });

const FILE = join(import.meta.dirname, "throughput.json");

/** The repository's measurements. Those of one's own file stand in place of all that it has of their models. */
export function loadThroughput({ overrideFile }: { overrideFile?: string } = {}): Measurement[] {
  const { measurements } = readJson(FILE, fileSchema);
  if (overrideFile === undefined || !existsSync(overrideFile)) return measurements;
  const own = readJson(overrideFile, fileSchema).measurements;
  const replaced = new Set(own.map(({ model }) => model));
  return [...own, ...measurements.filter(({ model }) => !replaced.has(model))];
}
