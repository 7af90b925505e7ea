import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";

const POLICY = "/usr/sbin/policy-rc.d";
let running: Promise<unknown> = Promise.resolve();

/**
 * Installs missing Debian packages, after a note of their names and of the reason. Does not start daemons that some of them
 * contain. Throws on a machine without apt, or if the user may not install packages.
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
        // The lists are missing or too old. If it fails again after an update, that error is reported.
        await runCommand("apt-get", ["update"], { env });
        await runCommand("apt-get", args, { env });
      }
    });
  });
}

/** Returns the packages that are not installed. */
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

/** Runs `work` with a policy-rc.d that forbids packages to start their daemons: exit status 101 means no. */
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
