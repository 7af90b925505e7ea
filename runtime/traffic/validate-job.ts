import { z } from "zod";
import { connectRegistry } from "../artifacts/registry-client.ts";
import { artifactRepository } from "../contract/artifact-kind.ts";
import { artifactReferenceSchema, parseArtifactReference } from "../contract/artifact-reference.ts";
import { registryEnvSchema } from "../contract/env.ts";
import { modelCardSchema, modelExamplesSchema, SCORE_TOLERANCE } from "../contract/model-card.ts";
import type { StepResult } from "../contract/step-result.ts";
import { validationReportSchema } from "../contract/validation-report.ts";
import { FailedVerdict, parseEnv, parseFlags } from "../job.ts";
import type { Job } from "../job.ts";
import { pushArtifactJson } from "../artifacts/push-artifact-json.ts";
import { readArtifactJson } from "../artifacts/read-artifact-json.ts";
import { httpClient } from "./http-client.ts";
import { MAX_CALLERS } from "./saturation.ts";
import { smokeTest } from "./smoke-test.ts";

const count = (fallback: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce.number().int().min(1).default(fallback);
const flagsSchema = z.strictObject({
  model: artifactReferenceSchema,
  /** Base URL of the service. */
  url: z.url(),
  tolerance: z.coerce.number().positive().default(SCORE_TOLERANCE),
  // A service on a share of two cores keeps this limit with a wide margin; a broken one does not.
  "max-p99-ms": z.coerce.number().positive().default(250),
  "min-rps": z.coerce.number().positive().default(50),
  requests: count(500),
  callers: count(4),
  "wait-seconds": z.coerce.number().min(0).default(60),
  "capacity-seconds": z.coerce.number().min(0).max(60).default(2),
});

/**
 * `slipway validate --model REF --url URL [--tolerance 1e-5] [--max-p99-ms 250] [--min-rps 50] [--requests 500]
 * [--callers 4] [--wait-seconds 60] [--capacity-seconds 2]`: runs the smoke test of a deployed model and measures its capacity
 * (not with 0 seconds). Pushes the report as an artifact. Throws FailedVerdict if the service fails.
 */
export const validateJob: Job = async ({ args, env: rawEnv, log }) => {
  const flags = parseFlags(args, flagsSchema);
  const env = parseEnv(rawEnv, registryEnvSchema);
  const registry = await connectRegistry(env);
  const { model: reference, url } = flags;
  const card = await readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema);
  const examples = await readArtifactJson(registry, reference, "model", "examples.json", modelExamplesSchema);
  const http = httpClient({ url, connections: Math.max(flags.callers, MAX_CALLERS) });
  const { digest } = parseArtifactReference(reference);
  const result = await smokeTest({
    http,
    card,
    examples,
    digest,
    limits: {
      tolerance: flags.tolerance,
      maxP99Ms: flags["max-p99-ms"],
      minRequestsPerSecond: flags["min-rps"],
      requests: flags.requests,
      callers: flags.callers,
      waitSeconds: flags["wait-seconds"],
      ...(flags["capacity-seconds"] > 0 ? { capacitySeconds: flags["capacity-seconds"] } : {}),
    },
  }).finally(() => http.close());
  for (const check of result.checks) log[check.passed ? "info" : "error"]("check", { ...check });
  const report = validationReportSchema.parse({ schemaVersion: 1, model: reference, url, ...result });
  const artifact = await pushArtifactJson(registry, "validation.json", report, {
    repository: artifactRepository(card.workload, "validation", card.name),
    kind: "validation",
  });
  const failed = report.checks.filter(({ passed }) => !passed);
  const { requests: _requests, ...latency } = report.latency;
  const summary: StepResult["summary"] = {
    verdict: report.verdict,
    checks: report.checks.length,
    ...latency,
    ...(report.capacity === undefined ? {} : { capacityPerSecond: report.capacity.requestsPerSecond }),
  };
  if (report.verdict === "passed") return { job: "validate", artifact, summary };
  const reason = failed.map(({ name, rule, value }) => `${name}: expected ${rule}, got ${value}`).join("; ");
  throw new FailedVerdict(`${card.name} at ${url}: ${reason}`, {
    job: "validate",
    artifact,
    summary: { ...summary, failed: failed.length, reason: reason.slice(0, 1500) },
  });
};
