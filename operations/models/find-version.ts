import { didYouMean } from "../../runtime/contract/issues/did-you-mean.ts";
import { WrongRequest } from "../wrong-request.ts";
import type { InventoryItem } from "./model-inventory.ts";

/**
 * Returns the model version of `NAME@DIGEST`: NAME is a model, or `WORKLOAD/MODEL`, and DIGEST the first hex digits of a digest, as
 * `npm run models` prints it. Throws a WrongRequest if there is none, or several.
 */
export function findVersion(items: readonly InventoryItem[], text: string): InventoryItem {
  const models = items.filter(({ kind }) => kind === "model");
  const [name = "", digest = ""] = text.split("@");
  const namesOf = ({ repository }: InventoryItem): string[] => {
    const [workload, model] = repository.split("/");
    return [`${model}`, `${workload}/${model}`];
  };
  const named = models.filter((item) => namesOf(item).includes(name));
  if (named.length === 0) {
    const known = [...new Set(models.flatMap(namesOf))];
    throw new WrongRequest(
      `--remove ${text}: the registry has no model ${name}${didYouMean(name, known)} (models: ${known.join(", ") || "none"})`,
    );
  }
  const hex = digest.replace(/^sha256:/, "");
  const found = named.filter((item) => item.digest.startsWith(`sha256:${hex}`));
  const [only, second] = found;
  if (only !== undefined && second === undefined) return only;
  const versions = (only === undefined ? named : found).map(
    ({ repository, digest: full }) =>
      `${repository.replace(/\/model$/, "")}@${full.slice("sha256:".length, "sha256:".length + 12)}`,
  );
  throw new WrongRequest(
    `--remove ${text}: must name one version, got ${found.length} (versions: ${versions.join(", ")})`,
  );
}
