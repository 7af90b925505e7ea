import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";

const POLICY = "/usr/sbin/policy-rc.d";
let running: Promise<unknown> = Promise.resolve();

/**
 * Installs the Debian packages that are missing, and says which and why before it does. The daemons that some of them
 * bring are not started. Throws on a machine without apt, or where it may not install.
 */
export function ensureApt(progress: Progress, packages: readonly string[], why: string): Promise<void> {
  const next = running.then(() => install(progress, packages, why)); // dpkg allows one at a time
  running = next.catch(() => undefined);
  return next;
}

async function install(progress: Progress, packages: readonly string[], why: string): Promise<void> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  await progress.step(`Install Debian packages ${missing.join(" ")}: ${why}`, async () => {
    if (process.getuid?.() !== 0)
      throw new Error(
        `only root can install packages: run \`apt-get install ${missing.join(" ")}\` as root, then try again`,
      );
    await withoutStartingServices(async () => {
      const env = { DEBIAN_FRONTEND: "noninteractive" };
      const args = ["install", "-y", "--no-install-recommends", ...missing];
      try {
        await runCommand("apt-get", args, { env });
      } catch {
        // The lists are old, or there are none yet: a second failure is the real one.
        await runCommand("apt-get", ["update"], { env });
        await runCommand("apt-get", args, { env });
      }
    });
  });
}

/** Those of `packages` that dpkg does not have installed. */
async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const known = await runCommand("sh", [
    "-c",
    "dpkg-query --show --showformat='${Package} ${db:Status-Status}\\n' \"$@\" 2>/dev/null || true",
    "dpkg-query",
    ...packages,
  ]);
  const installed = new Set(
    known
      .split("\n")
      .filter((line) => line.endsWith(" installed"))
      .map((line) => line.split(" ")[0]),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Debian asks policy-rc.d whether a package may start its daemon; 101 means no. */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
  const present = await stat(POLICY).then(
    () => true,
    () => false,
  );
  if (present) return work();
  await mkdir("/usr/sbin", { recursive: true });
  await writeFile(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}
