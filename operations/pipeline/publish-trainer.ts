import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pushImage } from "../../local/images/push-image.ts";
import { sizeBytes } from "../../local/images/image-store.ts";
import { trainerImage, trainerImageKey } from "../../local/images/trainer-image.ts";
import type { Progress } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { TRAINER_LOCK } from "../../runtime/contract/trainers/python.ts";
import { workloadFolder } from "../../workloads/catalog.ts";
import { taggedReference } from "./step-artifacts.ts";
import type { TrainerContainer } from "./with-trainer.ts";

/**
 * Returns the container that trains a model, with its image in the registry; undefined for a trainer of the runtime. The image is built
 * on this machine from the lock alone, unless the registry has it. It lies beside the definitions of the workload, so that no
 * component has to know it.
 */
export async function publishTrainer(
  registry: RegistryClient,
  progress: Progress,
  workload: PinnedWorkload,
  model: string,
): Promise<TrainerContainer | undefined> {
  const trainer = workload.models.find(({ name }) => name === model)?.trainer;
  if (trainer?.kind !== "python") return undefined;
  const { folder, timeoutMinutes, memoryMib, cpu, gpu } = trainer;
  const lock = await readFile(join(await workloadFolder(workload.name), folder, TRAINER_LOCK), "utf8");
  const repository = artifactRepository(workload.name, "definition");
  const key = await trainerImageKey(progress, lock);
  const tag = `python-${key}`;
  const known = await taggedReference(registry, repository, tag);
  const image = known ?? (await build());
  return {
    image,
    timeoutMinutes,
    ...(memoryMib === undefined ? {} : { memoryMib }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(gpu === undefined ? {} : { gpu }),
  };

  async function build(): Promise<string> {
    const { image, store } = await trainerImage(progress, lock);
    const mib = (sizeBytes(image) / 2 ** 20).toFixed(0);
    return progress.step(`${model}: push the image of its trainer (${mib} MiB)`, async () => {
      await pushImage(registry, repository, image, store, tag);
      return `${repository}@${image.digest}`;
    });
  }
}
