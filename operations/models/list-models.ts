import { shownMetric, type NamedMetric } from "../../runtime/contract/task-metrics.ts";
import { loadWorkload, workloadNames } from "../../workloads/catalog.ts";
import { artifactRepositoriesOf } from "../../runtime/contract/artifact-kind.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import type { InventoryItem } from "./model-inventory.ts";
import { inventoryKind } from "./model-inventory.ts";
import type { UsedModels } from "./plan-removal.ts";

/** The document of `npm run models -- --json`: a version of a model in the registry. */
export interface ModelVersion {
  workload: string;
  model: string;
  digest: string;
  /** `challenger`, `champion` and `latest`, as far as they name it. */
  tags: string[];
  /** Services that serve it, and files that pin it. Null if the cluster could not be asked. */
  usedBy: string[] | null;
  /** Main metric of its task on the test rows; null if its card cannot be read. */
  metric: NamedMetric | null;
  /** Revision of the code that made it; null if its card cannot be read. */
  codeRevision: string | null;
  /** Time of its annotation `org.opencontainers.image.created`; null for the artifacts of Slipway, which have no time of day. */
  made: string | null;
  /** Bytes of its files. */
  bytes: number;
}

const SHOWN_TAGS: readonly string[] = ["challenger", "champion", "latest"];

/** Returns the model versions of an inventory, by workload and model, those in use first. */
export function listModels(items: readonly InventoryItem[], used: UsedModels | undefined): ModelVersion[] {
  return items
    .filter(({ kind }) => kind === "model")
    .map(({ repository, digest, reference, tags, card, made, bytes }): ModelVersion => {
      const [workload = "", model = ""] = repository.split("/");
      return {
        workload,
        model,
        digest,
        tags: tags.filter((tag) => SHOWN_TAGS.includes(tag)).sort(),
        usedBy: used === undefined ? null : [...(used.get(reference) ?? [])],
        metric: card === undefined ? null : shownMetric(card),
        codeRevision: card?.lineage.codeRevision ?? null,
        made: made ?? null,
        bytes,
      };
    })
    .sort((a, b) => order(a, b));
}

function order(a: ModelVersion, b: ModelVersion): number {
  const weight = ({ tags, usedBy }: ModelVersion): number => tags.length + 10 * (usedBy?.length ?? 0);
  return a.workload.localeCompare(b.workload) || a.model.localeCompare(b.model) || weight(b) - weight(a);
}

/**
 * Returns the repositories of models and of what they are made from: all in the registry, or those of the workloads of the checkout if the
 * registry does not list its repositories.
 */
export async function modelRepositories(
  registry: Pick<RegistryClient, "listRepositories">,
  workloads?: readonly string[],
): Promise<string[]> {
  const known = async (): Promise<string[]> =>
    (await Promise.all((workloads ?? (await workloadNames())).map(loadWorkload))).flatMap(
      artifactRepositoriesOf,
    );
  return ((await registry.listRepositories()) ?? (await known())).filter(
    (repository) => inventoryKind(repository) !== undefined,
  );
}
