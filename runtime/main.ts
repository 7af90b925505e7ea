import { writeFile } from "node:fs/promises";
import { STEP_RESULT_MAX_BYTES, stepResultSchema } from "./contract/step-result.ts";
import type { StepResult } from "./contract/step-result.ts";
import { BadInput, RuntimeFault, describeError } from "./errors.ts";
import { FailedVerdict } from "./job.ts";
import type { Job } from "./job.ts";
import { createLogger } from "./log.ts";
import type { Logger } from "./log.ts";

/** The jobs of `slipway <job>`. Each is loaded on demand, so that a server does not load the trainer's libraries. */
const JOBS: Readonly<Record<string, () => Promise<Job>>> = {
  fetch: async () => (await import("./sources/fetch-job.ts")).fetchJob,
  ingest: async () => (await import("./data/ingest-job.ts")).ingestJob,
  features: async () => (await import("./features/features-job.ts")).featuresJob,
  materialize: async () => (await import("./features/materialize-job.ts")).materializeJob,
  "prepare-training": async () =>
    (await import("./training/python/prepare-training-job.ts")).prepareTrainingJob,
  train: async () => (await import("./training/train-job.ts")).trainJob,
  evaluate: async () => (await import("./evaluation/evaluate-job.ts")).evaluateJob,
  package: async () => (await import("./packaging/package-job.ts")).packageJob,
  serve: async () => (await import("./serving/serve-job.ts")).serveJob,
  drift: async () => (await import("./drift/drift-job.ts")).driftJob,
  validate: async () => (await import("./traffic/validate-job.ts")).validateJob,
  replay: async () => (await import("./traffic/replay-job.ts")).replayJob,
  "reload-prometheus": async () =>
    (await import("./monitoring/reload-prometheus-job.ts")).reloadPrometheusJob,
  "self-sign": async () => (await import("./tls/self-sign-job.ts")).selfSignJob,
  "receive-alerts": async () => (await import("./alerts/receive-alerts-job.ts")).receiveAlertsJob,
};

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // Azure Machine Learning starts an image without arguments.
  const [name = env["SLIPWAY_JOB"] ?? "", ...args] = argv;
  const log = createLogger({ fields: { job: name } });
  const load = Object.hasOwn(JOBS, name) ? JOBS[name] : undefined;
  if (load === undefined) {
    log.error(`no such job: ${JSON.stringify(name)}; jobs: ${Object.keys(JOBS).join(" ")}`);
    return 2;
  }
  const started = performance.now();
  try {
    const job = await load();
    const result = await job({ args, env, log, signal: untilTerminated() });
    if (result !== undefined) await leaveResult(result, env["SLIPWAY_RESULT_FILE"], log);
    log.info("done", { seconds: seconds(started), peakRssMib: peakRssMib() });
    return 0;
  } catch (error) {
    if (error instanceof FailedVerdict) await leaveResult(error.result, env["SLIPWAY_RESULT_FILE"], log);
    const foreseen = error instanceof RuntimeFault;
    log.error(describeError(error), {
      code: foreseen ? error.code : "defect",
      seconds: seconds(started),
      ...(foreseen || !(error instanceof Error) ? {} : { stack: error.stack }),
    });
    return error instanceof BadInput ? 2 : 1;
  }
}

function untilTerminated(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return controller.signal;
}

/** Writes the result. Kubernetes reads the default file as the termination message; elsewhere it may not be writable, which is fine. */
async function leaveResult(result: StepResult, file: string | undefined, log: Logger): Promise<void> {
  const text = JSON.stringify(stepResultSchema.parse(result));
  if (Buffer.byteLength(text) > STEP_RESULT_MAX_BYTES)
    throw new Error(`step result: must be at most ${STEP_RESULT_MAX_BYTES} bytes, got ${text.length}`);
  log.info("result", { ...result });
  try {
    await writeFile(file ?? "/dev/termination-log", text);
  } catch (error) {
    if (file !== undefined) throw error;
  }
}

/** Time for the last lines of the log to be written, in milliseconds. */
const EXIT_GRACE_MS = 2000;

const seconds = (started: number): number => Math.round(performance.now() - started) / 1000;
const peakRssMib = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

// Turns off onnxruntime's telemetry, which stores a device id and resolves host names. Must be set before it is loaded.
process.env["ORT_DISABLE_TELEMETRY"] = "1";
// Waiting threads of LightGBM must not spin: on a shared machine that takes CPU time from other processes.
process.env["OMP_WAIT_POLICY"] ??= "passive";
process.exitCode = await main(process.argv.slice(2), process.env);
// A finished process must not wait for open handles, such as an abandoned download.
setTimeout(() => process.exit(), EXIT_GRACE_MS).unref();
