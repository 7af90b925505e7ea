import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import type { ArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { configuredServices } from "../configured-services.ts";
import { connectRegistry } from "../connect-registry.ts";
import { foundationRequest } from "../foundation-request.ts";
import { pinnedModels } from "../pinned-models.ts";
import { loadStackFile } from "../stack/load-stack-file.ts";
import { platformsOn } from "../stack/platforms-on.ts";
import { stackRegistry } from "../stack/stack-registry.ts";
import { planTarget, type TargetFlags } from "../target.ts";
import { WrongRequest } from "../wrong-request.ts";

/** The registry of a stack, and what the stack keeps in it. */
export interface StackArtifacts {
  registry: RegistryClient;
  /** Repositories of the stack's workloads, sorted. */
  repositories: string[];
  /** Models that the file of the stack pins by digest. */
  pinned: ArtifactReference[];
  /** Kind of the registry in the config. */
  registryKind: string;
  /** Whether the registry is that of the local platform. */
  local: boolean;
}

/**
 * Connects to the registry of a stack. Needs no cluster: a registry can be restored before there is one.
 *
 * @param note - called with a line for a person before it waits for a login
 * @throws WrongRequest if the stack is a foundation or has no workloads
 */
export async function openArtifacts(
  root: string,
  flags: TargetFlags,
  env: NodeJS.ProcessEnv,
  note?: (line: string) => void,
): Promise<StackArtifacts> {
  const { stack } = flags;
  const plan = await planTarget(root, flags, env);
  if (plan.layer === "foundation") throw foundationRequest(stack, await platformsOn(root, stack));
  const file = await loadStackFile(root, stack);
  const names = [...new Set(configuredServices(file).map(({ workload }) => workload))];
  if (names.length === 0)
    throw new WrongRequest(`--stack ${stack}: it has no workloads, so its registry has no artifacts of them`);
  const workloads = await Promise.all(names.map(loadWorkload));
  return {
    registry: await connectRegistry({ ...plan.registry, ...(note === undefined ? {} : { note }) }, env),
    repositories: workloads.flatMap(artifactRepositoriesOf).sort(),
    pinned: pinnedModels(file).map(({ repository, digest }) => ({ repository, digest })),
    registryKind: plan.cluster === "cloud" ? (await stackRegistry(root, stack)).kind : plan.cluster,
    local: plan.local,
  };
}
