import type { Progress } from "../local/progress.ts";
import type { ServiceOutput } from "../stacks/platform-outputs.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { commandFor } from "./command-for.ts";
import { clusterJobs } from "./pipeline/cluster-jobs.ts";
import { jobTarget, runNamedJob } from "./pipeline/job-target.ts";
import { runJob } from "./pipeline/run-job.ts";
import { taggedReference } from "./pipeline/step-artifacts.ts";
import type { Platform } from "./platform.ts";

export interface ReplayOptions {
  /** 1 to 12. @default - the newest rows that no training has seen */
  month?: number | undefined;
  /** Newest or first test rows by prediction time, where no month is given. @default newest */
  take?: "newest" | "first";
  /** Rows at most. */
  rows: number;
}

/** Sends real rows through a service, then lets its drift monitor compare the answers with training. */
export async function replayThrough(
  platform: Platform,
  progress: Progress,
  service: ServiceOutput,
  { month, take = "newest", rows }: ReplayOptions,
): Promise<void> {
  const { workload, model, environment, name, url } = service;
  const features = await taggedReference(
    platform.registry,
    artifactRepository(workload, "features", model),
    LATEST,
  );
  if (features === undefined)
    throw new Error(
      `${model} has no feature table yet: train it first (${commandFor("train", platform.flags, "--model", model)})`,
    );
  const title = `Replay ${month === undefined ? `the ${take} test rows` : `rows of ${monthName(month)}`} through ${environment}/${name}`;
  const args = ["--features", features, "--rows", String(rows), "--url", url];
  const only = month === undefined ? ["--take", take] : ["--month", String(month)];
  const { summary } = await runNamedJob(await jobTarget(platform), progress, {
    title,
    job: "replay",
    args: [...args, ...only],
  });
  progress.note(`${environment}/${name}: ${inWords(summary)}`);
  await progress.step(`Compare the predictions of ${environment}/${name} with training`, async (step) => {
    const compared = await runJob(clusterJobs(platform.kube, service.namespace), {
      template: service.driftJob,
      args: [],
      onStatus: (status) => step.update(status),
    });
    step.update(inWords(compared.summary));
  });
}

/** `rows 2000, verdict stable`. */
function inWords(summary: Readonly<Record<string, unknown>>): string {
  return Object.entries(summary)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
}

function monthName(month: number): string {
  return new Date(Date.UTC(2000, month - 1)).toLocaleString("en", { month: "long", timeZone: "UTC" });
}
