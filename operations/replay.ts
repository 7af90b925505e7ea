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
  /** Rows whose prediction is on this UTC day or later. @default - without `to` the newest rows that no training has seen */
  from?: string | undefined;
  /** Rows whose prediction is before this UTC day. */
  to?: string | undefined;
  /** Newest or first test rows by prediction time, where no day is given. @default newest */
  take?: "newest" | "first";
  /** Rows at most. */
  rows: number;
}

/** Sends real rows through a service, then lets its drift monitor compare the answers with training. */
export async function replayThrough(
  platform: Platform,
  progress: Progress,
  service: ServiceOutput,
  { from, to, take = "newest", rows }: ReplayOptions,
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
  const span = Object.entries({ from, to }).filter(([, day]) => day !== undefined) as [string, string][];
  const sent = span.length === 0 ? `the ${take} test rows` : `rows ${span.flat().join(" ")}`;
  const title = `Replay ${sent} through ${environment}/${name}`;
  const args = ["--features", features, "--rows", String(rows), "--url", url];
  const only = span.length === 0 ? ["--take", take] : span.flatMap(([flag, day]) => [`--${flag}`, day]);
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
