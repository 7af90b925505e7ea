import { artifactRepository } from "../../runtime/contract/artifact-kind.ts";
import { formatArtifactReference } from "../../runtime/contract/artifact-reference.ts";
import type { StackConfig } from "./schema.ts";
import { modelDigest, type ModelDigestOptions } from "./model-digest.ts";
import type { ServiceConfig } from "./schema/environment.ts";

/** A service of an environment and the model version that it serves. */
export interface ServedModel {
  environment: string;
  /** Name of the service. */
  name: string;
  workload: string;
  modelName: string;
  digest: string;
  /** `<repository>@<digest>`. */
  reference: string;
  settings: ServiceConfig;
}

export interface ResolvedServices {
  serving: ServedModel[];
  /** One sentence per service that is left out. */
  notices: string[];
}

/** Finds the version that each service serves: the digest that config pins, or the one behind the tag it follows. */
export async function resolveServices(
  environments: StackConfig["environments"],
  options: ModelDigestOptions,
): Promise<ResolvedServices> {
  const wanted = Object.entries(environments).flatMap(([environment, { services }]) =>
    Object.entries(services).map(([name, settings]) => ({ environment, name, settings })),
  );
  const resolved = await Promise.all(
    wanted.map(async ({ environment, name, settings }): Promise<ServedModel | string> => {
      const { workload, modelName = name, model } = settings;
      const repository = artifactRepository(workload, "model", modelName);
      const digest = model?.follow ? await modelDigest(repository, model.follow, options) : model?.digest;
      if (digest !== undefined) {
        const reference = formatArtifactReference({ repository, digest });
        return { environment, name, workload, modelName, digest, reference, settings };
      }
      return model?.follow
        ? `${environment}/${name}: no model yet (${repository} has no tag ${model.follow}): the service is left out`
        : `${environment}/${name}: no model yet (slipway:environments.${environment}.services.${name}.model is not set): the service is left out`;
    }),
  );
  return {
    serving: resolved.filter((service) => typeof service !== "string"),
    notices: resolved.filter((service) => typeof service === "string"),
  };
}
