import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { digestOfFile } from "../../runtime/artifacts/digest.ts";
import { pushArtifact } from "../../runtime/artifacts/push-artifact.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { StepName } from "../../runtime/contract/pipeline.ts";
import {
  definitionDigest,
  definitionText,
  stepDefinition,
  type PinnedWorkload,
} from "../../runtime/contract/step-definition.ts";
import { TRAINER_FOLDERS } from "../../runtime/contract/trainer-container.ts";
import { withScratch } from "../../runtime/scratch.ts";
import { workloadFolder } from "../../workloads/catalog.ts";

/**
 * Pushes the part of a workload's definition that a step needs, as it is in this checkout, and returns its reference. The same part has
 * the same reference, so that a step with no change in its own part is not run again.
 */
export async function publishDefinition(
  registry: RegistryClient,
  step: StepName,
  workload: PinnedWorkload,
  model?: string,
): Promise<string> {
  const definition = stepDefinition(step, workload, model);
  const [, hex = ""] = definitionDigest(definition).split(":");
  return withScratch(async (directory) => {
    await writeFile(join(directory, "definition.json"), definitionText(definition));
    const program =
      step === "train" && model !== undefined ? await copyProgram(workload, model, directory) : [];
    return pushArtifact(registry, {
      repository:
        model === undefined
          ? artifactRepository(workload.name, "definition")
          : artifactRepository(workload.name, "definition", model),
      kind: "definition",
      directory,
      files: ["definition.json", ...program],
      // An artifact without a tag may be taken for waste by the registry. This one never moves.
      tag: `${step}-${hex.slice(0, 24)}`,
    });
  });
}

/**
 * Copies the files of a Python trainer into the artifact, below `trainer`, and returns their names. They travel with the definition, so
 * that a change of `train.py` builds no image. Throws where a file has changed since the definition was loaded.
 */
async function copyProgram(
  { name: workload, models }: PinnedWorkload,
  model: string,
  directory: string,
): Promise<string[]> {
  const trainer = models.find(({ name }) => name === model)?.trainer;
  if (trainer?.kind !== "python") return [];
  const { folder, files = [] } = trainer;
  const root = join(await workloadFolder(workload), folder);
  const names: string[] = [];
  for (const { name, digest } of files) {
    const path = join(TRAINER_FOLDERS.program, name);
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await copyFile(join(root, name), join(directory, path));
    if ((await digestOfFile(join(directory, path))) !== digest)
      throw new Error(
        `${workload}: ${folder}/${name} must stay as it is while it is trained, it has changed; run it again`,
      );
    names.push(path);
  }
  return names;
}
