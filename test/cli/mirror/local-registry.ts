import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { silentProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { ensureApt } from "../../../local/tools/apt.ts";
import { freePort } from "../../runtime/support/redis-process.ts";

export const credentials = { username: "robot", password: "for-this-test-only" };

export interface LocalRegistry {
  host: string;
  url: string;
  /** Deletes the blobs that no manifest names. */
  collectGarbage(): Promise<void>;
  /** Where it keeps a blob. */
  blobPath(digest: string): string;
  close(): Promise<void>;
}

/** Debian's docker-registry on a free port of loopback; with `auth`, only for `credentials`. It deletes unless `deletes` is false. */
export async function localRegistry(folder: string, auth: boolean, deletes = true): Promise<LocalRegistry> {
  await ensureApt(
    silentProgress,
    ["docker-registry", "apache2-utils"],
    "images are copied between registries",
  );
  await mkdir(folder, { recursive: true });
  const host = `127.0.0.1:${await freePort()}`;
  const htpasswd = join(folder, "htpasswd");
  const { username, password } = credentials;
  await writeFile(htpasswd, await runCommand("htpasswd", ["-nbB", username, password]));
  const config = {
    version: 0.1,
    log: { level: "error", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: deletes } },
    http: { addr: host },
    ...(auth ? { auth: { htpasswd: { realm: "test", path: htpasswd } } } : {}),
  };
  await writeFile(join(folder, "registry.yml"), JSON.stringify(config));
  const server = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
  await once(server, "spawn");
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer !== undefined) break;
    if (tries === 100) throw new Error("docker-registry did not answer in 10 s");
    await sleep(100);
  }
  return {
    host,
    url: `http://${host}`,
    collectGarbage: async () => {
      await runCommand("docker-registry", ["garbage-collect", join(folder, "registry.yml")]);
    },
    blobPath: (digest) => {
      const hex = digest.slice("sha256:".length);
      return join(folder, "data/docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex, "data");
    },
    async close() {
      server.kill("SIGKILL");
      await once(server, "exit");
    },
  };
}
