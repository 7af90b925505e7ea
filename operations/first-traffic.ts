import type { Progress } from "../local/progress.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import type { ServiceOutput } from "../stacks/platform-outputs.ts";
import type { Platform } from "./platform.ts";
import { servicesOf } from "./promotion.ts";
import { replayThrough } from "./replay.ts";
import type { StackFile } from "./stack/load-stack-file.ts";
import type { Candidate } from "./pipeline/run-pipeline.ts";

const FIRST_ROWS = 2000;

/**
 * Sends rows through each new service that does not follow `challenger`, so that it has latency and drift from the start. A tag in the model's
 * repository marks a service that got its rows: an interrupted run sends them again, a finished one never does.
 */
export async function sendFirstTraffic(
  platform: Platform,
  progress: Progress,
  candidate: Pick<Candidate, "model" | "workload">,
): Promise<void> {
  const { registry } = platform;
  const repository = artifactRepository(candidate.workload, "model", candidate.model);
  const file = await platform.stackFile();
  for (const service of await servicesOf(platform, candidate)) {
    const tag = `first-traffic-${service.environment}-${service.name}`.slice(0, 128);
    if (followsChallenger(file, service) || (await registry.resolveTag(repository, tag)) !== undefined)
      continue;
    await replayThrough(platform, progress, service, { rows: FIRST_ROWS, take: "first" });
    await registry.putTag(repository, tag, service.digest);
  }
}

/** Whether a service follows `challenger`, as in staging. Validations send the requests of such a service. */
export function followsChallenger(
  { config }: Pick<StackFile, "config">,
  { environment, name }: Pick<ServiceOutput, "environment" | "name">,
): boolean {
  const path = ["slipway:environments", environment, "services", name, "model", "follow"];
  const follow = path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined,
    config,
  );
  return follow === "challenger";
}
