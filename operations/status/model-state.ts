import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import type { DefinitionDigests } from "../../runtime/contract/definition-digests.ts";
import { modelCardSchema } from "../../runtime/contract/model-card.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { changedParts } from "../pipeline/changed-parts.ts";
import { lastTraining } from "../pipeline/candidates.ts";
import type { Platform } from "../platform.ts";
import type { ModelStatus } from "./platform-status.ts";
import type { Problems } from "./problems.ts";

/** Reads the state of every model of the stack's workloads from the registry. */
export async function modelStates(
  platform: Pick<Platform, "registry">,
  workloads: readonly string[],
  { problems, fix }: { problems: Problems; fix: string },
): Promise<ModelStatus[]> {
  const models = await Promise.all(
    workloads.map((workload) =>
      problems.attempt({ about: `workload ${workload}`, fix: "see its workload.ts" }, [], async () =>
        (await loadWorkload(workload)).models.map(({ name }) => ({ workload, name })),
      ),
    ),
  );
  return Promise.all(
    models.flat().map(({ workload, name }) =>
      problems.attempt(
        { about: `registry ${platform.registry.name}`, fix },
        {
          workload,
          name,
          gate: "unknown" as const,
          metric: null,
          reason: null,
          newest: null,
          champion: null,
          changed: [],
        },
        () => modelState(platform, workload, name),
      ),
    ),
  );
}

async function modelState(
  { registry }: { registry: RegistryClient },
  workload: string,
  name: string,
): Promise<ModelStatus> {
  const repository = artifactRepository(workload, "model", name);
  const [last, champion = null] = await Promise.all([
    lastTraining({ registry }, workload, name),
    registry.resolveTag(repository, "champion"),
  ]);
  const definitions =
    champion === null ? last?.definitions : await definitionsOf(registry, `${repository}@${champion}`);
  const changed = changedParts(await loadWorkload(workload), name, definitions);
  const candidate = last?.candidate;
  const common = { workload, name, champion, changed };
  if (candidate === undefined)
    return { ...common, gate: "not trained", metric: null, reason: null, newest: null };
  const { metric } = candidate;
  if (candidate.verdict === "refused")
    return { ...common, gate: "refused", metric, reason: candidate.reason, newest: null };
  const { digest } = parseArtifactReference(candidate.reference);
  return { ...common, gate: "passed", metric, reason: null, newest: digest };
}

/** Returns the digests of the parts of the definition that a packaged model was made from; undefined for an older model. */
async function definitionsOf(
  registry: RegistryClient,
  reference: string,
): Promise<DefinitionDigests | undefined> {
  const card = await readArtifactJson(registry, reference, "model", "model-card.json", modelCardSchema);
  return card.lineage.definitions;
}
