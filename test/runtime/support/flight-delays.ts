import type { PythonPackage } from "../../../runtime/contract/sources/python-package.ts";
import type { LightGbmDefinition } from "../../../runtime/contract/trainers/lightgbm.ts";
import { workloadSchema, type Workload } from "../../../runtime/contract/workload.ts";
import definition from "../../../workloads/flight-delays/workload.ts";

const { source, ...parsed } = workloadSchema.parse(definition);
if (source.kind !== "python-package") throw new Error("the example's source is a package");

/** The example workload, with its defaults. */
export const flightDelays: Workload & { source: PythonPackage } = { ...parsed, source };

const [{ rows, trainer } = { rows: "", trainer: undefined }] = parsed.models;
if (typeof rows !== "string") throw new Error("the example's rows are SQL");
if (trainer?.kind !== "lightgbm") throw new Error("the example's trainer is LightGBM");

/** SQL of the rows of the first model, pushback. */
export const pushbackRows: string = rows;

/** The trainer of the first model, pushback. */
export const pushbackTrainer: LightGbmDefinition = trainer;
