import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import { RegistryError } from "../runtime/artifacts/registry-error.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { configuredServices } from "./configured-services.ts";
import { checkModel, type ModelCheck } from "./models/check-model.ts";
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
  workload: string;
  repository: string;
  digest: string;
  /** Why it may be served although the gate refuses it. @default - it may not */
  accept?: string | undefined;
}

export interface PinFaults {
  /** One fault for each version that the registry does not have, that has parts of another, or that the gate refuses. */
  wrong: ConfigFault[];
  /** One sentence for each version that is served although the gate refuses it, and for older ones that cannot be checked. */
  notices: string[];
  /** Why the versions are not checked. @default - they are */
  warning?: string;
}

/** Returns the versions that a stack's file pins. Parts of a wrong form are left to the check of the whole file. */
export function pinnedModels(file: Pick<StackFile, "config">): PinnedModel[] {
  return configuredServices(file).flatMap(
    ({ environment, service, workload, modelName, digest, accept, canaryDigest, canaryAccept }) => {
      const repository = artifactRepository(workload, "model", modelName);
      const common = { environment, service, workload, repository };
      return [
        ...(digest === undefined ? [] : [{ ...common, canary: false, digest, accept }]),
        ...(canaryDigest === undefined
          ? []
          : [{ ...common, canary: true, digest: canaryDigest, accept: canaryAccept }]),
      ];
    },
  );
}

/**
 * Looks every pinned version up in the registry, and checks that its parts belong together and that the gate of today passes. Where the
 * registry does not answer, warns instead.
 *
 * @param workloadOf - definition of a workload in the checkout. @default - the catalogue's
 */
export async function checkPinnedModels(
  pins: readonly PinnedModel[],
  registry: RegistryClient,
  workloadOf: (name: string) => Promise<Workload | undefined> = knownWorkload,
): Promise<PinFaults> {
  try {
    const checked = await Promise.all(
      pins.map(async (pin): Promise<PinFaults> => {
        const { repository, digest, workload } = pin;
        if ((await registry.getManifest(repository, digest)) === undefined)
          return { wrong: [absent(pin, registry)], notices: [] };
        return describeCheck(
          pin,
          await checkModel(registry, `${repository}@${digest}`, await workloadOf(workload)),
        );
      }),
    );
    return {
      wrong: checked.flatMap(({ wrong }) => wrong),
      notices: checked.flatMap(({ notices }) => notices),
    };
  } catch (error) {
    const services = [...new Set(pins.map(nameOf))].join(", ");
    return {
      wrong: [],
      notices: [],
      warning: `the pinned digests of ${services} are not checked, because registry ${registry.name} cannot be asked from here: ${registryReason(error)}`,
    };
  }
}

/** A workload that the checkout does not have, or that breaks a rule, is a problem of its own. */
function knownWorkload(name: string): Promise<Workload | undefined> {
  return loadWorkload(name).catch(() => undefined);
}

const nameOf = ({ environment, service }: PinnedModel): string => `${environment}/${service}`;

function describeCheck(pin: PinnedModel, { faults, gate, unnamed }: ModelCheck): PinFaults {
  const { digest, accept, repository } = pin;
  const [, model = ""] = repository.split("/");
  const short = digest.slice(0, "sha256:".length + 12);
  const fault = (message: string, fix: string): ConfigFault => ({
    path: digestPath(pin),
    kind: "wrong",
    message,
    fix,
  });
  const subject = `${nameOf(pin)}${pin.canary ? ", its canary," : ""}`;
  return {
    wrong: [
      ...(faults.length === 0
        ? []
        : [
            fault(
              `must name a model whose parts belong together, got ${digest}: ${faults.join("; ")}`,
              `pin another version, or package it again: npm run train -- --model ${model}`,
            ),
          ]),
      ...(gate === undefined || accept !== undefined
        ? []
        : [
            fault(
              `must name a model that passes its gate as it is in this checkout, got ${digest}: ${gate}`,
              'pin another version, or write the reason beside it: model: { digest, accept: "why it may be served" }',
            ),
          ]),
    ],
    notices: [
      ...(accept === undefined
        ? []
        : [
            gate === undefined
              ? `${subject} accepts ${short}, which passes its gate: accept can be removed`
              : `${subject} serves ${short} although its gate refuses it (${gate}); accepted: ${accept}`,
          ]),
      ...(unnamed.length === 0
        ? []
        : [
            `${subject} serves ${short} of an older version of Slipway: ${unnamed.join(" and ")} ${unnamed.length === 1 ? "does" : "do"} not name its model.onnx, so that only its examples are compared; train again`,
          ]),
    ],
  };
}

/** Says how a registry failed in a few words: the error of the client gives advice for a pod. */
function registryReason(error: unknown): string {
  if (!(error instanceof RegistryError)) return kubernetesReason(error);
  if (error.registryStatus !== undefined) return `it answers ${error.registryStatus}`;
  return `it does not answer (${innermostReason(error)})`;
}

function digestPath({ environment, service, canary }: PinnedModel): string[] {
  const model = canary ? ["target", "canary", "model", "digest"] : ["model", "digest"];
  return ["environments", environment, "services", service, ...model];
}

function absent(pin: PinnedModel, { name }: { name: string }): ConfigFault {
  return {
    path: digestPath(pin),
    kind: "wrong",
    message: `must name a model in registry ${name}, got ${pin.digest}, which ${pin.repository} does not have`,
    fix: "name another with npm run pin, or push this one first",
  };
}
