import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { LATEST } from "../contract/moving-tags.ts";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import { driftReportSchema } from "../contract/drift-report.ts";
import { driftEnvSchema } from "../contract/env.ts";
import { modelCardSchema } from "../contract/model-card.ts";
import { predictionStream } from "../contract/prediction-log.ts";
import { referenceProfileSchema } from "../contract/reference-profile.ts";
import { Unavailable, describeError } from "../errors.ts";
import { redisClient } from "../redis/redis-client.ts";
import { parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { pushArtifactJson } from "../artifacts/push-artifact-json.ts";
import { readArtifactJson } from "../artifacts/read-artifact-json.ts";
import { driftMetrics, pushMetrics } from "./drift-metrics.ts";
import { driftReport, worstVariable } from "./drift-report.ts";
import { readWindow } from "./prediction-window.ts";

/** Tag of the newest report. */

/**
 * `slipway drift`: compares the newest predictions of SLIPWAY_MODEL with the model's reference profile, pushes the report as an
 * artifact to the registry and as gauges to the Pushgateway. Drift is a finding, not a failure of the job.
 */
export const driftJob: Job = async ({ args, env: rawEnv, log }) => {
  parseFlags(args, z.strictObject({}));
  const env = parseEnv(rawEnv, driftEnvSchema);
  const reference = env.SLIPWAY_MODEL;
  const registry = await connectRegistry(env);
  const card = await readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema);
  const profile = await readArtifactJson(
    registry,
    reference,
    "model",
    "reference-profile.json",
    referenceProfileSchema,
  );
  const { redis, problem } = redisClient(env, { maxRetriesPerRequest: 3, connectTimeout: 5000 });
  const window = await readWindow(redis, {
    stream: predictionStream({
      environment: env.SLIPWAY_ENVIRONMENT,
      service: env.SLIPWAY_SERVICE,
      digest: parseArtifactReference(reference).digest,
    }),
    rows: env.SLIPWAY_DRIFT_WINDOW_ROWS,
  })
    .catch((error: unknown) => {
      throw new Unavailable(`feature store: read failed: ${problem() ?? describeError(error)}`);
    })
    .finally(() => redis.disconnect());
  const report = driftReportSchema.parse(
    driftReport({
      card,
      profile,
      modelReference: reference,
      environment: env.SLIPWAY_ENVIRONMENT,
      service: env.SLIPWAY_SERVICE,
      window,
      threshold: env.SLIPWAY_DRIFT_THRESHOLD,
      minRows: env.SLIPWAY_DRIFT_MIN_ROWS,
    }),
  );
  if (window.unreadable > 0)
    log.warn("records of the prediction log not read", { records: window.unreadable });
  const artifact = await pushArtifactJson(registry, "drift-report.json", report, {
    repository: artifactRepository(card.workload, "drift", card.name),
    kind: "drift",
    tag: LATEST,
  });
  await pushMetrics(env.SLIPWAY_PUSHGATEWAY_URL, report, await driftMetrics(report, new Date()));
  const worst = worstVariable(report);
  return {
    job: "drift",
    artifact,
    summary: {
      verdict: report.verdict,
      rows: report.window.rows,
      maxPsi: report.maxPsi,
      worst: worst === undefined ? null : worst.name,
      drifted: report.variables.filter((each) => each.drifted).length,
      from: report.window.from,
      to: report.window.to,
    },
  };
};
