import type { Progress } from "../local/progress.ts";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { clusterJobs } from "./pipeline/cluster-jobs.ts";
import { jobTarget, runNamedJob } from "./pipeline/job-target.ts";
import { runJob } from "./pipeline/run-job.ts";
import { taggedReference } from "./pipeline/step-artifacts.ts";
import type { Platform } from "./platform.ts";
import type { ServiceOutput } from "./platform-outputs.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";

export interface ReplayOptions {
  /** 1 to 12. */
  month: number;
  rows: number;
}

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Sends real rows of a month through a service, then has its drift monitor look at what it answered. */
export async function replay(
  platform: Platform,
  progress: Progress,
  service: ServiceOutput,
  { month, rows }: ReplayOptions,
): Promise<void> {
  const features = await taggedReference(
    platform.registry,
    artifactRepository(service.workload, "features", service.model),
    LATEST,
  );
  if (features === undefined)
    throw new Error(`${service.model} has no feature table yet: train it first (npm run train)`);
  const title = `Replay ${rows} rows of ${MONTHS[month - 1]} through ${service.environment}/${service.name}`;
  const args = [
    "--features",
    features,
    "--month",
    String(month),
    "--rows",
    String(rows),
    "--url",
    service.url,
  ];
  await runNamedJob(await jobTarget(platform), progress, { title, job: "replay", args });
  await progress.step("Compare the predictions with training", async (step) => {
    const { summary } = await runJob(clusterJobs(platform.kube, service.namespace), {
      template: service.driftJob,
      args: [],
      onStatus: (status) => step.update(status),
    });
    step.update(
      Object.entries(summary)
        .map(([name, value]) => `${name} ${value}`)
        .join(", "),
    );
  });
}
