import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeRevision } from "../../local/images/code-revision.ts";
import { digestOf } from "../../runtime/artifacts/digest.ts";
import { pushArtifact } from "../../runtime/artifacts/push-artifact.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { LATEST } from "../../runtime/contract/moving-tags.ts";
import { registrationSchema } from "../../runtime/contract/registration.ts";
import { withScratch } from "../../runtime/scratch.ts";
import { ROOT } from "../root.ts";
import type { ImportedModel } from "./find-imported-model.ts";
import type { ModelFile } from "./read-model-file.ts";

/** Pushes a file as the newest candidate of a model, and returns its reference. The same file gives the same reference. */
export async function registerModel(
  registry: RegistryClient,
  { workload, definition, features }: ImportedModel,
  { onnx, producer, changes, source, examples }: ModelFile,
): Promise<string> {
  const model = definition.name;
  const registration = registrationSchema.parse({
    schemaVersion: 1,
    workload: workload.name,
    model,
    source,
    producer,
    changes,
    onnx: digestOf(onnx),
    features: features.map(({ name, kind, categories }) => ({ name, kind, categories })),
    task: definition.task,
    examples,
    codeRevision: await codeRevision(ROOT, ["runtime", "workloads"]),
  });
  const repository = artifactRepository(workload.name, "candidate", model);
  const reference = await withScratch(async (directory) => {
    await writeFile(join(directory, "model.onnx"), onnx);
    await writeFile(join(directory, "registration.json"), `${JSON.stringify(registration, null, 2)}\n`);
    return pushArtifact(registry, {
      repository,
      kind: "candidate",
      directory,
      files: ["model.onnx", "registration.json"],
    });
  });
  // A registry may take what has only moving tags for waste later.
  const { digest } = parseArtifactReference(reference);
  const tag = `registered-${digest.slice("sha256:".length, "sha256:".length + 24)}`;
  if ((await registry.resolveTag(repository, tag)) === undefined)
    await registry.putTag(repository, tag, digest);
  await registry.putTag(repository, LATEST, digest);
  return reference;
}
