import type * as pulumi from "@pulumi/pulumi";
import { formatArtifactReference, parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import type { Foundation } from "./foundation/foundation.ts";
import type { ServedModel } from "./config/resolve-services.ts";
import type { TargetConfig } from "./config/schema/target.ts";

/** A service that runs outside of the cluster, as the stack's outputs list it. */
export interface ManagedServiceOutput {
  name: string;
  model: string;
  workload: string;
  environment: string;
  /** Such as `lambda`. */
  target: TargetConfig["kind"];
  /** Where requests go; null where the target tells no address before a model is deployed. */
  url: pulumi.Output<string> | null;
  digest: string;
  reference: string;
  /** Digest of the version that gets a share of the requests; null where there is none. */
  canaryDigest: string | null;
  /** What people need besides: the version that was deployed, the calls that deploy a model. */
  details: Record<string, pulumi.Output<unknown>>;
}

/** A served model whose service names a target. */
export type TargetedModel = ServedModel & { settings: { target: TargetConfig } };

export function hasTarget(served: ServedModel): served is TargetedModel {
  return served.settings.target !== undefined;
}

export interface ManagedServicesOptions {
  foundation: Foundation;
  /** Runtime image, by digest. */
  image: pulumi.Input<string>;
  /** Repository of the image in the registry. */
  imageRepository: string;
  registryUrl: string;
}

/** Serves models outside of the cluster, each on the target that its service names. */
export function managedServices(
  serving: readonly TargetedModel[],
  { foundation, image, imageRepository, registryUrl }: ManagedServicesOptions,
): ManagedServiceOutput[] {
  return serving.map(({ name, environment, workload, modelName, digest, reference, settings }) => {
    const { target, logSample } = settings;
    if (foundation.target === undefined)
      throw new Error(
        `${environment}/${name}: target must be left out, got ${target.kind}: there is no cloud`,
      );
    const canaryDigest = canaryDigestOf(target);
    const { url, details } = foundation.target({
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
      imageRepository,
      registryUrl,
      logSample,
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
