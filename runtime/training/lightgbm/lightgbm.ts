import koffi from "koffi";
import { BadInput, RuntimeFault } from "../../errors.ts";
import type { Matrix } from "../../features/matrix.ts";

export interface TrainOptions {
  features: Matrix;
  /** One for each row: 0 or 1, the code of a class, a number, or how relevant a row is. */
  labels: Float32Array;
  /** Ranking: number of rows of each group, in the order of the rows. @default - none */
  groups?: Int32Array | undefined;
  names: readonly string[];
  /** LightGBM's parameters without the number of threads, which would become part of the model: give it to loadLightGbm. */
  params: Readonly<Record<string, string | number | boolean>>;
  iterations: number;
  /** Called and waited for after each tree; throw to stop. */
  onIteration?: (done: number) => Promise<void> | void;
}

/** The LightGBM library. Calls block, and training yields only between trees. Make one call at a time. */
export interface LightGbm {
  /** Trains and returns the model as LightGBM's own text. */
  train(options: TrainOptions): Promise<string>;
  /** Scores of each row, row-major, as LightGBM computes them, in float64. */
  predict(model: string, features: Matrix): Float64Array;
}

type Handle = unknown;
type Call = (...args: unknown[]) => unknown;

const FLOAT32 = 0;
const INT32 = 2;
const PREDICT_NORMAL = 0;

/** Loads the shared library at `path` (SLIPWAY_LIGHTGBM_LIBRARY). Throws BadInput if it cannot be loaded. */
export function loadLightGbm(path: string, threads: number): LightGbm {
  const c = bind(path);
  const check = (status: unknown): void => {
    if (status !== 0) throw new RuntimeFault("lightgbm", 500, `lightgbm: ${String(c.lastError())}`);
  };
  /** Calls a function whose last argument receives a handle. */
  const open = (call: (out: [Handle]) => unknown): Handle => {
    const out: [Handle] = [null];
    check(call(out));
    return out[0];
  };
  check(c.setMaxThreads(threads));

  return {
    async train({ features, labels, groups, names, params, iterations, onIteration }) {
      const text = Object.entries(params)
        .map(([key, value]) => `${key}=${value}`)
        .join(" ");
      const { values, rows, columns } = features;
      const data = open((out) => c.datasetCreate(values, FLOAT32, rows, columns, 1, text, null, out));
      let booster: Handle;
      try {
        check(c.datasetSetField(data, "label", labels, rows, FLOAT32));
        if (groups !== undefined) check(c.datasetSetField(data, "group", groups, groups.length, INT32));
        check(c.datasetSetFeatureNames(data, names, names.length));
        booster = open((out) => c.boosterCreate(data, text, out));
        const finished = [0];
        for (let done = 1; done <= iterations && finished[0] === 0; done++) {
          check(c.boosterUpdate(booster, finished));
          await onIteration?.(done);
        }
        return toText(booster);
      } finally {
        if (booster !== undefined) c.boosterFree(booster);
        c.datasetFree(data);
      }
    },

    predict(model, { values, rows, columns }) {
      const booster = open((out) => c.boosterLoad(model, [0], out));
      try {
        const classes = [0];
        check(c.boosterGetNumClasses(booster, classes));
        const scores = new Float64Array(rows * classes[0]!);
        const length = [0];
        check(
          c.boosterPredict(
            booster,
            values,
            FLOAT32,
            rows,
            columns,
            1,
            PREDICT_NORMAL,
            0,
            -1,
            "",
            length,
            scores,
          ),
        );
        if (Number(length[0]) !== scores.length)
          throw new BadInput(
            `lightgbm: model must give ${classes[0]} scores per row, got ${length[0]} for ${rows} rows`,
          );
        return scores;
      } finally {
        c.boosterFree(booster);
      }
    },
  };

  function toText(booster: Handle): string {
    const length = [0];
    check(c.boosterSave(booster, 0, -1, 0, 0, length, null));
    const buffer = Buffer.alloc(Number(length[0]));
    check(c.boosterSave(booster, 0, -1, 0, buffer.length, length, buffer));
    return buffer.toString("utf8", 0, buffer.length - 1); // without the terminating zero
  }
}

/** @see https://lightgbm.readthedocs.io/en/stable/C-API.html */
function bind(path: string): Record<(typeof SIGNATURES)[number][0], Call> {
  let library: ReturnType<typeof koffi.load>;
  try {
    library = koffi.load(path);
  } catch (error) {
    throw new BadInput(
      "lightgbm: SLIPWAY_LIGHTGBM_LIBRARY must name lib_lightgbm.so, and libgomp.so.1 must be installed",
      { cause: error },
    );
  }
  return Object.fromEntries(
    SIGNATURES.map(([name, signature]) => [name, library.func(signature) as Call]),
  ) as Record<(typeof SIGNATURES)[number][0], Call>;
}

const SIGNATURES = [
  ["lastError", "const char *LGBM_GetLastError()"],
  ["setMaxThreads", "int LGBM_SetMaxThreads(int threads)"],
  [
    "datasetCreate",
    "int LGBM_DatasetCreateFromMat(const void *data, int type, int32_t rows, int32_t columns, int rowMajor, const char *params, void *reference, _Out_ void **out)",
  ],
  [
    "datasetSetField",
    "int LGBM_DatasetSetField(void *data, const char *field, const void *values, int count, int type)",
  ],
  ["datasetSetFeatureNames", "int LGBM_DatasetSetFeatureNames(void *data, const char **names, int count)"],
  ["datasetFree", "int LGBM_DatasetFree(void *data)"],
  ["boosterCreate", "int LGBM_BoosterCreate(void *data, const char *params, _Out_ void **out)"],
  ["boosterUpdate", "int LGBM_BoosterUpdateOneIter(void *booster, _Out_ int *finished)"],
  [
    "boosterSave",
    "int LGBM_BoosterSaveModelToString(void *booster, int start, int count, int importance, int64_t length, _Out_ int64_t *needed, void *text)",
  ],
  [
    "boosterLoad",
    "int LGBM_BoosterLoadModelFromString(const char *text, _Out_ int *iterations, _Out_ void **out)",
  ],
  [
    "boosterPredict",
    "int LGBM_BoosterPredictForMat(void *booster, const void *data, int type, int32_t rows, int32_t columns, int rowMajor, int kind, int start, int count, const char *params, _Out_ int64_t *length, void *scores)",
  ],
  ["boosterGetNumClasses", "int LGBM_BoosterGetNumClasses(void *booster, _Out_ int *classes)"],
  ["boosterFree", "int LGBM_BoosterFree(void *booster)"],
] as const;
