import { formatArtifactReference, parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import type { ResolvedService } from "./config/resolve-services.ts";
import { runtimeRepository } from "./config/runtime-repository.ts";
import type { TargetConfig } from "./config/schema/target.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";
import type { Shared } from "./shared.ts";

type ManagedServiceOutput = PlatformOutputs["managedServices"][number];

/** Whether a service runs in the cluster, and so has no target. */
export function isInCluster({ target }: ResolvedService): boolean {
  return target === undefined;
}

/** Creates the services outside of the cluster, each on its target. Returns their part of the outputs. */
export function createManagedServices(
  { registry, images }: PlatformConfig,
  services: readonly ResolvedService[],
  { cloud, image }: Shared,
): Exported<ManagedServiceOutput>[] {
  return services.flatMap(({ name, environment, workload, modelName, digest, reference, target, pods }) => {
    if (target === undefined) return [];
    if (cloud.target === undefined)
      throw new Error(
        `${environment}/${name}: target must be left out, got ${target.kind}: the stack has no cloud`,
      );
    const canaryDigest = canaryDigestOf(target);
    const { url, details } = cloud.target({
      name: `${environment}-${name}`,
      environment,
      service: name,
      target,
      model: reference,
      canaryModel:
        canaryDigest === null
          ? undefined
          : formatArtifactReference({ ...parseArtifactReference(reference), digest: canaryDigest }),
      image,
      imageRepository: runtimeRepository(images),
      registryUrl: registry.url,
      logSample: pods.logSample,
    });
    return {
      name,
      model: modelName,
      workload,
      environment,
      target: target.kind,
      url,
      digest,
      reference,
      canaryDigest,
      details,
    };
  });
}

/** Returns the digest of the canary, if the target identifies its canary by a model. Other targets name the stable version instead. */
function canaryDigestOf(target: TargetConfig): string | null {
  if (!("canary" in target) || target.canary === undefined) return null;
  return "model" in target.canary ? target.canary.model.digest : null;
}
