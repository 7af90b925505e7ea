import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { PATHS } from "../../local/cluster/layout.ts";
import { silentProgress } from "../../local/progress.ts";
import { runCommand } from "../../local/run-command.ts";
import { kubectl } from "../../local/tools/kubectl.ts";
import type { PlatformStatus } from "../../operations/status/platform-status.ts";

export interface BackupScenario {
  /** Runs a command of the product. */
  slipway: (...args: string[]) => Promise<{ code: number | null; text: string }>;
  status: () => Promise<PlatformStatus>;
}

/**
 * The scenario, on a platform that runs: the storage of the registry is lost and restored from a backup. Then a new pod finds its model,
 * promotion finds the last training, and `up` trains nothing again. Deletes every artifact and image of the local registry.
 */
export async function checkBackupAndRestore({ slipway, status }: BackupScenario): Promise<void> {
  const champion = async (): Promise<string | null | undefined> =>
    (await status()).models.find(({ name }) => name === "pushback")?.champion;
  const before = await champion();
  const folder = join(await mkdtemp(join(tmpdir(), "slipway-backup-")), "backup");
  try {
    expect((await slipway("backup", "--to", folder)).code).toBe(0);
    expect((await slipway("backup", "--to", folder)).code).toBe(0);

    const storage = join(PATHS.registry(), "data");
    expect(existsSync(storage)).toBe(true);
    await rm(storage, { recursive: true });
    await mkdir(storage, { mode: 0o700 });
    expect(await champion()).toBeNull();
    expect((await slipway("promote", "--model", "pushback")).code).toBe(1);

    const dry = await slipway("restore", "--from", folder, "--dry-run");
    expect(dry.code).toBe(0);
    expect(dry.text).toContain(`flight-delays/pushback/model:champion → ${before}`);
    expect(await champion()).toBeNull();

    expect((await slipway("restore", "--from", folder)).code).toBe(0);
    expect(await champion()).toBe(before);
    await restartService("production", "pushback");
    const ready = async (): Promise<boolean | undefined> =>
      (await status()).services.find(({ environment }) => environment === "production")?.ready;
    await expect.poll(ready, { timeout: 120_000, interval: 2000 }).toBe(true);
    expect((await slipway("promote", "--model", "pushback")).text).toContain("is in production already");

    const up = await slipway("up"); // pushes the images again
    expect(up.code).toBe(0);
    expect(up.text).not.toContain("▸ Ingest");
    // The drift job may have moved its tag since.
    const again = await slipway("restore", "--from", folder, "--moved-tags", "keep");
    expect(again.text).toMatch(/has everything of the backup|lacks 0 artifacts/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Replaces the pods of a service, which pull their model when they start. */
async function restartService(namespace: string, deployment: string): Promise<void> {
  const program = await kubectl(silentProgress);
  const on = ["--kubeconfig", PATHS.kubeconfig(), "--namespace", namespace];
  await runCommand(program, [...on, "rollout", "restart", "deployment", deployment]);
  await runCommand(program, [...on, "rollout", "status", "deployment", deployment, "--timeout=120s"]);
}
