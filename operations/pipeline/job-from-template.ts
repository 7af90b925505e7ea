import type { V1CronJob, V1Job } from "@kubernetes/client-node";
import { createHash } from "node:crypto";
import { withTrainer, type TrainerContainer } from "./with-trainer.ts";

/** Label of a Job with the hash of its inputs. Two Jobs with the same hash do the same work. */
export const INPUTS_LABEL = "slipway.dev/inputs";

/** Returns 24 hex digits that change with the template's name, its image, the arguments and the image of a trainer. */
export function inputsHash(cronJob: V1CronJob, args: readonly string[], trainer?: TrainerContainer): string {
  const { image, args: own = [] } = containerOf(cronJob);
  const inputs = JSON.stringify([
    cronJob.metadata?.name,
    image,
    ...own,
    ...args,
    ...(trainer === undefined ? [] : [trainer.image]),
  ]);
  return createHash("sha256").update(inputs).digest("hex").slice(0, 24);
}

/**
 * Builds a Job from a CronJob's template, with arguments added to its container, and with the container of a trainer if there is one. Its name follows from the inputs and the number of
 * earlier Jobs with the same inputs, so two runs at the same time create one Job.
 */
export function jobFromTemplate(
  cronJob: V1CronJob,
  args: readonly string[],
  attempt: number,
  trainer?: TrainerContainer,
): V1Job {
  const hash = inputsHash(cronJob, args, trainer);
  const template = structuredClone(cronJob.spec!.jobTemplate);
  const container = template.spec!.template.spec!.containers[0]!;
  if (trainer === undefined) container.args = [...(container.args ?? []), ...args];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `${cronJob.metadata!.name!.slice(0, 40)}-${hash.slice(0, 8)}-${attempt}`,
      labels: { ...template.metadata?.labels, [INPUTS_LABEL]: hash },
      annotations: { ...template.metadata?.annotations, "cronjob.kubernetes.io/instantiate": "manual" },
    },
    spec: trainer === undefined ? template.spec! : withTrainer(template.spec!, args, trainer),
  };
}

function containerOf(cronJob: V1CronJob): { image?: string; args?: string[] } {
  const container = cronJob.spec?.jobTemplate.spec?.template.spec?.containers[0];
  if (container === undefined || cronJob.metadata?.name === undefined)
    throw new Error(`CronJob ${cronJob.metadata?.name ?? "?"} has no container to run`);
  return container;
}
