// A server that stands in for the publishers of the cluster's programs, a fake Go toolchain and an empty cache.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";
import { lineProgress, type Progress } from "../../../local/progress.ts";
import { clusterPrograms, type ClusterPrograms } from "../../../local/tools/cluster-programs.ts";
import type { PublishedOptions } from "../../../local/tools/published-program.ts";
import { fileServer, type FileServer } from "./file-server.ts";
import { fakeGo, publish, type Served } from "./publishers.ts";

export interface ProgramsStage {
  /** Folder of the test, with the cache in `cache`. */
  folder: string;
  server: FileServer;
  served: Served[];
  go: Awaited<ReturnType<typeof fakeGo>>;
  /** Lines of the progress. */
  lines: string[];
  progress: Progress;
  /** Returns the progress as text. */
  text: () => string;
  /** Returns the published file of a program. */
  file: (program: string) => Served;
  etcd: (options?: PublishedOptions) => Promise<ClusterPrograms>;
  /** Returns the entries of the cache of a tool. */
  entries: (tool: string) => Promise<string[]>;
}

/** Sets a stage up before each test of the file, and removes it after the test. */
export function programsStage(): ProgramsStage {
  const lines: string[] = [];
  const stage = {
    lines,
    progress: lineProgress((line) => lines.push(line)),
    text: () => lines.join("\n"),
    file: (program) => stage.served.find((each) => each.program === program)!,
    etcd: async (options) => (await clusterPrograms(stage.progress, ["etcd"], options)).etcd,
    entries: async (tool) =>
      (await readdir(join(stage.folder, "cache", "tools", tool)).catch(() => [])).sort(),
  } as ProgramsStage;
  beforeEach(async () => {
    lines.length = 0;
    stage.folder = await mkdtemp(join(tmpdir(), "slipway-programs-"));
    stage.server = await fileServer();
    stage.served = await publish(stage.server);
    stage.go = await fakeGo(join(stage.folder, "go"));
    vi.stubEnv("SLIPWAY_CACHE", join(stage.folder, "cache"));
    vi.stubEnv("SLIPWAY_DOWNLOADS", stage.server.url);
    vi.stubEnv("PATH", stage.go.path);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await stage.server.close();
    await rm(stage.folder, { recursive: true });
  });
  return stage;
}

/** Returns whether the programs were built here, by the fake toolchain. */
export async function isBuilt(programs: ClusterPrograms): Promise<boolean> {
  return (await readFile(join(programs.bin, (await readdir(programs.bin))[0]!), "utf8")) === "built\n";
}

/** Starts a process that takes the programs of etcd. */
export function takePrograms(): { child: ChildProcess; output: Promise<string> } {
  const script = join(import.meta.dirname, "take-programs.ts");
  const child = spawn(process.execPath, ["--import", "tsx", script]);
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: new Promise((resolve) => child.on("close", () => resolve(text))) };
}
