import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { runCommand } from "../../../local/run-command.ts";
import { clusterPrograms } from "../../../local/tools/cluster-programs.ts";
import { goToolVersion } from "../../../local/tools/go-tool.ts";
import { removeStaleDownloads } from "../../../local/tools/stale-downloads.ts";
import { content, firstByteOnly, firstThen } from "./file-server.ts";
import { programsStage, takePrograms } from "./programs-stage.ts";

const stage = programsStage();
const { progress, file, etcd, entries } = stage;

describe("the cache", () => {
  it.skipIf(process.getuid?.() !== 0)(
    "keeps nothing half-done if the disk is full, and nothing is built then",
    async () => {
      const cache = join(stage.folder, "small");
      await mkdir(cache);
      await runCommand("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", cache]);
      try {
        vi.stubEnv("SLIPWAY_CACHE", cache);
        stage.server.answers.set(file("kubelet").path, content(Buffer.alloc(3 * 2 ** 20)));
        const failed = clusterPrograms(progress, ["kubernetes"]);
        await expect(failed).rejects.toThrow(
          `${cache} must have room for the cluster's programs (about 500 MiB) and has none left: free some, or move the cache with SLIPWAY_CACHE`,
        );
        expect(await readdir(join(cache, "tools", "kubernetes"))).toEqual([]);
        expect(await stage.go.calls()).toEqual([]);
      } finally {
        await runCommand("umount", [cache]);
      }
    },
  );

  it("has no half download under the name of a whole one after a kill; a later run removes it", async () => {
    const { path, body } = file("etcd");
    stage.server.answers.set(path, firstThen(firstByteOnly(body), content(body)));
    const { child, output } = takePrograms();
    while (!stage.server.requests.includes(path)) await sleep(20);
    child.kill("SIGKILL");
    await output;
    const [left, ...others] = await entries("etcd");
    expect(left).toMatch(/^\.download-/);
    expect(others).toEqual([]);

    await etcd(); // may run while the other goes on: keeps what is younger than two minutes
    const whole = `published-${await goToolVersion("etcd")}`;
    expect(await entries("etcd")).toEqual([left, whole]);
    await removeStaleDownloads("etcd", -1);
    expect(await entries("etcd")).toEqual([whole]);
  });
});
