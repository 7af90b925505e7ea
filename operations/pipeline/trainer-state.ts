import type { V1Pod } from "@kubernetes/client-node";
import { progressLineSchema } from "../../runtime/contract/trainer-container.ts";
import type { ClusterJobs } from "./cluster-jobs.ts";
import { PREPARE_CONTAINER, TRAINER_CONTAINER } from "./with-trainer.ts";

/** Describes how far a pod with a trainer is, with the last progress that the trainer printed; undefined for other pods, and after it. */
export async function trainerState(
  jobs: Pick<ClusterJobs, "logTail">,
  pod: V1Pod | undefined,
): Promise<string | undefined> {
  const statuses = pod?.status?.initContainerStatuses ?? [];
  const stateOf = (container: string): NonNullable<(typeof statuses)[number]["state"]> | undefined =>
    statuses.find(({ name }) => name === container)?.state;
  const trainer = stateOf(TRAINER_CONTAINER);
  if (pod?.metadata?.name !== undefined && trainer?.running !== undefined) {
    const shown = lastProgress(await jobs.logTail(pod.metadata.name, TRAINER_CONTAINER));
    return shown === undefined ? "train.py runs" : `train.py: ${shown}`;
  }
  if (stateOf(PREPARE_CONTAINER)?.running !== undefined) return "prepare the data of the trainer";
  if (stateOf(PREPARE_CONTAINER)?.terminated === undefined || trainer?.waiting === undefined)
    return undefined;
  const { reason = "waiting", message } = trainer.waiting;
  return reason === "PodInitializing"
    ? "pull the image of the trainer"
    : [reason, message].filter(Boolean).join(": ");
}

/** Returns the last line of progress in a log, in words. */
export function lastProgress(log: string): string | undefined {
  for (const line of log.trimEnd().split("\n").toReversed()) {
    const parsed = progressLineSchema.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const { message, done, of } = parsed.data;
    const count = done === undefined ? "" : of === undefined ? ` ${done}` : ` ${done} of ${of}`;
    return `${message}${count}`.slice(0, 120);
  }
  return undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
