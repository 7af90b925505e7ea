import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../runtime/artifacts/registry-error.ts";
import { configuredServices } from "./configured-services.ts";
import type { ConfigFault } from "../runtime/contract/issues/describe-issues.ts";
import { innermostReason } from "../stacks/config/innermost-reason.ts";
import { kubernetesReason } from "./kubernetes-error.ts";
import type { StackFile } from "./stack/load-stack-file.ts";

/** A model version that the file of a stack names by its digest. */
export interface PinnedModel {
  environment: string;
  service: string;
  /** Whether it is the service's canary. */
  canary: boolean;
  repository: string;
  digest: string;
}

export interface PinFaults {
  /** One fault for each version that the registry does not have. */
  missing: ConfigFault[];
  /** Why the versions are not checked. @default - they are */
  warning?: string;
}

/** Returns the versions that a stack's file pins. Parts of a wrong form are left to the check of the whole file. */
export function pinnedModels(file: Pick<StackFile, "config">): PinnedModel[] {
  return configuredServices(file).flatMap(
    ({ environment, service, workload, modelName, digest, canaryDigest }) => {
      const repository = artifactRepository(workload, "model", modelName);
      const pin = (pinned: string | undefined, canary: boolean): PinnedModel[] =>
        pinned === undefined ? [] : [{ environment, service, canary, repository, digest: pinned }];
      return [...pin(digest, false), ...pin(canaryDigest, true)];
    },
  );
}

/** Looks every pinned version up in the registry. Where the registry does not answer, warns instead. */
export async function checkPinnedModels(
  pins: readonly PinnedModel[],
  registry: Pick<RegistryClient, "name" | "getManifest">,
): Promise<PinFaults> {
  try {
    const found = await Promise.all(pins.map((pin) => registry.getManifest(pin.repository, pin.digest)));
    return {
      missing: pins.filter((_, index) => found[index] === undefined).map((pin) => absent(pin, registry)),
    };
  } catch (error) {
    const services = [...new Set(pins.map(({ environment, service }) => `${environment}/${service}`))].join(
      ", ",
    );
    return {
      missing: [],
      warning: `the pinned digests of ${services} are not checked, because registry ${registry.name} cannot be asked from here: ${registryReason(error)}`,
    };
  }
}

/** Says how a registry failed in a few words: the error of the client gives advice for a pod. */
function registryReason(error: unknown): string {
  if (!(error instanceof RegistryError)) return kubernetesReason(error);
  if (error.registryStatus !== undefined) return `it answers ${error.registryStatus}`;
  return `it does not answer (${innermostReason(error)})`;
}

function absent(
  { environment, service, canary, repository, digest }: PinnedModel,
  { name }: { name: string },
): ConfigFault {
  const model = canary ? ["target", "canary", "model", "digest"] : ["model", "digest"];
  return {
    path: ["environments", environment, "services", service, ...model],
    kind: "wrong",
    message: `must name a model in registry ${name}, got ${digest}, which ${repository} does not have`,
    fix: "name another with npm run pin, or push this one first",
  };
}
