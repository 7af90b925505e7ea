import type { Progress } from "../../local/progress.ts";
import type { RegistryClient } from "../../runtime/artifacts/registry-client.ts";
import { Refused } from "../../runtime/errors.ts";
import { INVENTORY_KINDS, type InventoryItem } from "./model-inventory.ts";

/**
 * Deletes artifacts from a registry: models first and data last, so that an interrupted removal leaves no model without its lineage. Throws
 * an error with the command of the cloud where its registry does not delete by the API of registries.
 */
export async function removeArtifacts(
  registry: Pick<RegistryClient, "name" | "deleteManifest">,
  items: readonly InventoryItem[],
  progress: Progress,
): Promise<void> {
  const order = (item: InventoryItem): number => INVENTORY_KINDS.indexOf(item.kind);
  await progress.step(`Remove ${items.length} artifacts from ${registry.name}`, async (step) => {
    for (const item of items.toSorted((a, b) => order(b) - order(a))) {
      step.update(item.reference);
      try {
        await registry.deleteManifest(item.repository, item.digest);
      } catch (error) {
        if (error instanceof Refused)
          throw new Error(`${error.message}: ${byHand(registry.name, item)}`, { cause: error });
        throw error;
      }
    }
  });
}

/** Returns the command of a cloud that deletes an artifact. */
function byHand(registry: string, { repository, digest }: InventoryItem): string {
  const [host = "", ...prefix] = registry.split("/");
  const name = [...prefix, repository].join("/");
  if (host.endsWith(".amazonaws.com") || host.includes(".amazonaws."))
    return `aws ecr batch-delete-image --repository-name ${name} --image-ids imageDigest=${digest}`;
  if (host.endsWith("-docker.pkg.dev"))
    return `gcloud artifacts docker images delete ${host}/${name}@${digest} --delete-tags`;
  if (host.endsWith(".azurecr.io"))
    return `az acr manifest delete --registry ${host.split(".")[0]} --name ${name}@${digest}`;
  return "switch deletion on in the config of the registry, or delete it with the registry's own tools";
}
