import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { lastCandidate } from "../pipeline/candidates.ts";
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
      problems.attempt({ about: `workload ${workload}`, fix: "see workloads/catalog.ts" }, [], async () =>
        (await loadWorkload(workload)).models.map(({ name }) => ({ workload, name })),
      ),
    ),
  );
  return Promise.all(
    models
      .flat()
      .map(({ workload, name }) =>
        problems.attempt(
          { about: `registry ${platform.registry.name}`, fix },
          { workload, name, gate: "unknown" as const, auc: null, reason: null, newest: null, champion: null },
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
  const [candidate, champion = null] = await Promise.all([
    lastCandidate({ registry }, workload, name),
    registry.resolveTag(artifactRepository(workload, "model", name), "champion"),
  ]);
  const common = { workload, name, champion };
  if (candidate === undefined)
    return { ...common, gate: "not trained", auc: null, reason: null, newest: null };
  const { auc } = candidate;
  if (candidate.verdict === "refused")
    return { ...common, gate: "refused", auc, reason: candidate.reason, newest: null };
  const { digest } = parseArtifactReference(candidate.reference);
  return { ...common, gate: "passed", auc, reason: null, newest: digest };
}
