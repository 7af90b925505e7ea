import type { V1ContainerStateTerminated, V1Job, V1Pod } from "@kubernetes/client-node";
import { lastError } from "./last-error.ts";
import { PREPARE_CONTAINER, TRAINER_CONTAINER } from "./with-trainer.ts";

const KILLED = 137;
const SHOWN_LINES = 10;
const SHOWN_CHARACTERS = 1000;

export function hasTrainer(job: V1Job): boolean {
  return job.spec?.template.spec?.initContainers?.some(({ name }) => name === TRAINER_CONTAINER) ?? false;
}

/** Returns why a trainer's container, or the preparation of its data, failed; undefined where neither did. */
export function explainTrainer(job: V1Job, pod: V1Pod | undefined): string | undefined {
  const ended = (container: string): V1ContainerStateTerminated | undefined => {
    const state = pod?.status?.initContainerStatuses?.find(({ name }) => name === container)?.state
      ?.terminated;
    return state === undefined || state.exitCode === 0 ? undefined : state;
  };
  const prepared = ended(PREPARE_CONTAINER);
  if (prepared !== undefined) {
    const memory =
      prepared.reason === "OOMKilled" ? "; raise slipway:training.memoryMib in the stack config" : "";
    return `train: the data of the trainer could not be prepared: ${lastError(prepared.message ?? "") ?? `exit code ${prepared.exitCode}`}${memory}`;
  }
  const trainer = ended(TRAINER_CONTAINER);
  if (trainer === undefined) return undefined;
  if (trainer.reason === "OOMKilled" || trainer.exitCode === KILLED) {
    const container = job.spec?.template.spec?.initContainers?.find(({ name }) => name === TRAINER_CONTAINER);
    const limit = container?.resources?.limits?.["memory"] ?? "no limit is set";
    return `train: train.py must fit in its memory, ${limit}, and was killed with exit code ${trainer.exitCode}; raise memoryMib of the trainer in the definition`;
  }
  const output = lastLines(trainer.message);
  return (
    `train: train.py must end with exit code 0, got ${trainer.exitCode}` +
    (output === "" ? ", and said nothing" : `:\n${output}`)
  );
}

/** Returns the last lines of an output, without the lines of progress. */
function lastLines(output = ""): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("{"));
  return (lines.length > 0 ? lines : output.trim().split("\n"))
    .slice(-SHOWN_LINES)
    .join("\n")
    .slice(-SHOWN_CHARACTERS);
}
