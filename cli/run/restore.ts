import { resolve } from "node:path";
import { withClusterLock } from "../../local/cluster/lock.ts";
import { lineProgress } from "../../local/progress.ts";
import { requireBackup } from "../../operations/backup/backup-folder.ts";
import { openArtifacts } from "../../operations/backup/open-artifacts.ts";
import { planRestore } from "../../operations/backup/plan-restore.ts";
import { restoreRegistry, type MovedTags } from "../../operations/backup/restore-registry.ts";
import type { PlatformFlags } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { renderRestorePlan } from "../backup/render-restore-plan.ts";
import { withRepositoryFix } from "../mirror/repository-fix.ts";

export interface RestoreFlags extends PlatformFlags {
  from: string;
  /** `keep` or `overwrite`: the form of the flag allows nothing else. */
  "moved-tags"?: string | undefined;
  "dry-run": boolean;
}

/** Restores the artifacts of a stack from a folder. Returns whether the whole backup is sound. */
export async function restore({ from, ...flags }: RestoreFlags): Promise<boolean> {
  const directory = resolve(from);
  await requireBackup(directory); // before a login that may fail
  const progress = lineProgress();
  const { registry, registryKind, repositories, local } = await openArtifacts(
    ROOT,
    flags,
    process.env,
    progress.note,
  );
  const target = withRepositoryFix(registry, { kind: registryKind, stack: flags.stack, command: "restore" });
  const work = async (): Promise<boolean> => {
    const plan = await progress.step("Verify the backup, and compare it with the registry", () =>
      planRestore({ registry: target, repositories, directory }),
    );
    console.log(renderRestorePlan(plan, registry.name));
    if (!flags["dry-run"])
      await restoreRegistry(progress, plan, {
        registry: target,
        directory,
        movedTags: flags["moved-tags"] as MovedTags | undefined,
      });
    return plan.damaged.length === 0;
  };
  return local && !flags["dry-run"] ? withClusterLock(work) : work();
}
