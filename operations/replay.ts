import type { Progress } from "../local/progress.ts";
import { trainingTarget } from "./candidates.ts";
import { runJob } from "./kubernetes-job.ts";
import type { Platform } from "./platform.ts";
import type { ServiceOutput } from "../stacks/platform-outputs.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";
import { runStep, taggedReference } from "./training-chain.ts";

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
    service.workload,
    "features",
    service.model,
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
  await runStep(await trainingTarget(platform), progress, title, "replay", args);
  await progress.step("Compare the predictions with training", async (step) => {
    const { summary } = await runJob(platform.kube, {
      namespace: service.namespace,
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
