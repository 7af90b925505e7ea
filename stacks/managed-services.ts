import { formatArtifactReference, parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import type { PlatformConfig } from "./config/load-config.ts";
import type { ServedModel } from "./config/resolve-services.ts";
import { runtimeRepository } from "./config/runtime-repository.ts";
import type { TargetConfig } from "./config/schema/target.ts";
import type { Exported, PlatformOutputs } from "./platform-outputs.ts";
import type { Shared } from "./shared.ts";

type ManagedServiceOutput = PlatformOutputs["managedServices"][number];

/** A service without a target runs in the cluster. */
export function isInCluster({ target }: ServedModel): boolean {
  return target === undefined;
}

/** Serves models outside of the cluster, each on the target that its service names. */
export function managedServices(
  { registry, images }: PlatformConfig,
  serving: readonly ServedModel[],
  { cloud, image }: Shared,
): Exported<ManagedServiceOutput>[] {
  return serving.flatMap(({ name, environment, workload, modelName, digest, reference, target, pods }) => {
    if (target === undefined) return [];
    if (cloud.target === undefined)
      throw new Error(
        `${environment}/${name}: target must be left out, got ${target.kind}: there is no cloud`,
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

/** Some targets tell the canary by its model, others by the version beside it. */
function canaryDigestOf(target: TargetConfig): string | null {
  if (!("canary" in target) || target.canary === undefined) return null;
  return "model" in target.canary ? target.canary.model.digest : null;
}
