import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import { commandFor } from "../../operations/command-for.ts";
import { findVersion } from "../../operations/models/find-version.ts";
import { listModels, modelRepositories } from "../../operations/models/list-models.ts";
import { readInventory, type InventoryItem } from "../../operations/models/model-inventory.ts";
import {
  planPrune,
  planRemove,
  reasonsToKeep,
  type RemovalPlan,
  type UsedModels,
} from "../../operations/models/plan-removal.ts";
import { removeArtifacts } from "../../operations/models/remove-artifacts.ts";
import { usedModels } from "../../operations/models/used-models.ts";
import { openPlatform, type PlatformFlags } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { describeError } from "../../runtime/errors.ts";
import { renderModels, renderRemoval } from "../models/render-models.ts";
import { terminalView } from "../terminal-view.ts";
import { UsageError } from "../usage-error.ts";

export interface ModelsFlags extends PlatformFlags {
  json: boolean;
  remove?: string | undefined;
  prune: boolean;
  yes: boolean;
}

/** Lists the model versions in the registry, or removes those that nobody uses. */
export async function models({ json, remove, prune, yes, ...flags }: ModelsFlags): Promise<void> {
  if (remove !== undefined && prune) throw new UsageError(["--remove and --prune: give one of them"]);
  if (yes && remove === undefined && !prune) throw new UsageError(["--yes goes with --remove or --prune"]);
  // Standard output has the list alone, for tools.
  const progress = lineProgress((line) => console.error(line));
  const platform = await openPlatform(flags, { progress, view: terminalView() });
  const { registry, kube } = platform;
  const used = async (): Promise<UsedModels> =>
    usedModels({ root: ROOT, stack: flags.stack, kube, outputs: await platform.outputs() });
  const inventory = async (): Promise<InventoryItem[]> =>
    readInventory(registry, await modelRepositories(registry));
  if (remove === undefined && !prune) {
    const [items, users] = await Promise.all([
      inventory(),
      used().catch((error: unknown) => {
        progress.note(`warning: who uses them is not known: ${describeError(error)}`);
        return undefined;
      }),
    ]);
    const versions = listModels(items, users);
    console.log(json ? JSON.stringify(versions, null, 2) : renderModels(versions));
    return;
  }
  const work = async (): Promise<void> => {
    const [items, users] = await Promise.all([inventory(), used()]);
    const plan = prune ? planPrune(items, users) : planVersion(items, users, remove ?? "");
    console.log(
      json
        ? JSON.stringify(
            plan.remove.map(({ card: _card, ...item }) => item),
            null,
            2,
          )
        : renderRemoval(plan),
    );
    if (plan.remove.length === 0) return;
    if (yes) await removeArtifacts(registry, plan.remove, progress);
    else
      progress.note(
        `nothing was removed; to remove it: ${commandFor("models", flags, ...(prune ? ["--prune"] : ["--remove", remove ?? ""]), "--yes")}`,
      );
  };
  await (platform.plan.local ? withClusterLock(work) : work());
}

function planVersion(items: readonly InventoryItem[], used: UsedModels, text: string): RemovalPlan {
  const version = findVersion(items, text);
  const reasons = reasonsToKeep(version, used);
  if (reasons.length > 0)
    throw new WrongRequest(
      `--remove ${text}: must be a version that nobody uses, got one of ${reasons.join(", ")}; nothing was removed`,
    );
  return planRemove(items, version);
}
