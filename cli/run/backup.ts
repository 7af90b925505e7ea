import { resolve } from "node:path";
import { lineProgress } from "../../local/progress.ts";
import { backUpRegistry } from "../../operations/backup/back-up-registry.ts";
import { refuseForeignFolder } from "../../operations/backup/backup-folder.ts";
import { openArtifacts } from "../../operations/backup/open-artifacts.ts";
import type { PlatformFlags } from "../../operations/platform.ts";
import { ROOT } from "../../operations/root.ts";
import { renderBackup } from "../backup/render-backup.ts";

/** Copies the artifacts of a stack to a folder. Returns whether all of them are there. */
export async function backup({ to, ...flags }: PlatformFlags & { to: string }): Promise<boolean> {
  const directory = resolve(to);
  await refuseForeignFolder(directory); // before a login that may fail
  const progress = lineProgress();
  const { registry, repositories, pinned } = await openArtifacts(ROOT, flags, process.env, progress.note);
  const summary = await backUpRegistry(progress, { registry, repositories, pinned, directory });
  console.log(renderBackup(summary, directory));
  return summary.failures.length === 0;
}
