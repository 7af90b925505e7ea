import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { buildImages } from "../../../local/images/build-images.ts";
import type { ImageRegistry } from "../../../local/images/push-image.ts";
import { lineProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { ensureApt } from "../../../local/tools/apt.ts";

describe("buildImages, with a registry of its own", () => {
  let folder: string;
  let server: ChildProcess;
  let registry: ImageRegistry;
  let lockFile: string;
  const lines: string[] = [];
  const cacheBefore = process.env["SLIPWAY_CACHE"];
  const progress = lineProgress((line) => lines.push(line));
  const build = async (): Promise<string> => {
    lines.length = 0;
    const lock = await buildImages(progress, { registry, lockFile, only: ["pause"] });
    return lock.images.pause?.digest ?? "";
  };
  const mounts = async (): Promise<string[]> =>
    (await readFile("/proc/mounts", "utf8")).split("\n").filter((line) => line.includes(folder));

  beforeAll(async () => {
    await ensureApt(progress, ["docker-registry", "apache2-utils"], "images are pushed to a registry");
    folder = await mkdtemp(join(tmpdir(), "build-images-"));
    process.env["SLIPWAY_CACHE"] = join(folder, "cache");
    lockFile = join(folder, "images.dev.lock.json");
    const port = await freePort();
    const host = `127.0.0.1:${port}`;
    const authFile = join(folder, "auth.json");
    const auth = Buffer.from("slipway:secret").toString("base64");
    await writeFile(authFile, JSON.stringify({ auths: { [host]: { auth } } }));
    await writeFile(join(folder, "htpasswd"), await runCommand("htpasswd", ["-nbB", "slipway", "secret"]));
    const config = {
      version: 0.1,
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "registry") } },
      http: { addr: host },
      auth: { htpasswd: { realm: "test", path: join(folder, "htpasswd") } },
    };
    await writeFile(join(folder, "registry.yml"), JSON.stringify(config));
    server = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
    registry = { host, url: `http://${host}`, authFile };
    await answering(registry.url);
  });

  afterAll(async () => {
    server.kill("SIGKILL");
    if (cacheBefore === undefined) delete process.env["SLIPWAY_CACHE"];
    else process.env["SLIPWAY_CACHE"] = cacheBefore;
    await rm(folder, { recursive: true, force: true });
  });

  it("builds, pushes and locks; then does nothing; then pushes again what the registry has lost", async () => {
    const digest = await build();
    expect(lines.join("\n")).toContain(`pushed slipway/pause@${digest}`);
    const lock = parseImagesLock(await readFile(lockFile, "utf8"), lockFile);
    expect(lock.images.pause).toMatchObject({ repository: "slipway/pause", digest });
    expect(await mounts()).toEqual([]);

    expect(await build()).toBe(digest);
    expect(lines.at(-1)).toMatch(/cached: all 1 are in the registry/);

    await rm(join(folder, "registry", "docker/registry/v2/repositories"), { recursive: true });
    expect(await build()).toBe(digest);
    expect(lines.join("\n")).toContain("Image pause (cached");
    expect(lines.join("\n")).toContain(`pushed slipway/pause@${digest}`);
  });

  it("gives the same digest when everything is built again", async () => {
    const digest = await build();
    await rm(join(folder, "cache"), { recursive: true });
    expect(await build()).toBe(digest);
    expect(lines.join("\n")).toMatch(/Image pause \(done/);
  });

  it("makes a pause program that reaps orphans as the first process of a pod, and ends at SIGTERM", async () => {
    const digest = await build();
    const headers = {
      authorization: `Basic ${Buffer.from("slipway:secret").toString("base64")}`,
      accept: "application/vnd.oci.image.manifest.v1+json",
    };
    const get = (path: string): Promise<Response> =>
      fetch(`${registry.url}/v2/slipway/pause/${path}`, { headers });
    const { layers } = (await (await get(`manifests/${digest}`)).json()) as { layers: { digest: string }[] };
    const root = join(folder, "pause-root");
    await mkdir(root);
    for (const layer of layers) {
      const file = join(folder, "layer.tar.gz");
      await writeFile(file, Buffer.from(await (await get(`blobs/${layer.digest}`)).arrayBuffer()));
      await runCommand("tar", ["--extract", "--file", file, "--directory", root]);
    }
    expect((await readdir(root)).sort()).toEqual(["pause", "usr", "var"]); // beside the program its licence and metadata
    const script = `
      (sleep 0.1 &) # its parent ends at once, so the pause program is its new parent
      sleep 0.5
      echo "orphans: $(cat /proc/[0-9]*/stat | grep -c ' (sleep) Z ')"
      kill -TERM 1`;
    const inside = `mount -t proc proc /proc; sh -c 'sleep 0.2; ${script.replaceAll("'", "'\\''")}' & exec ${root}/pause -P`;
    const output = await runCommand("unshare", ["--pid", "--fork", "--mount", "sh", "-c", inside]);
    expect(output.trim()).toBe("orphans: 0");
  });

  it("names the file when the credentials are wrong", async () => {
    const authFile = join(folder, "wrong.json");
    const auth = Buffer.from("slipway:wrong").toString("base64");
    await writeFile(authFile, JSON.stringify({ auths: { [registry.host]: { auth } } }));
    const failed = buildImages(progress, { registry: { ...registry, authFile }, lockFile, only: ["pause"] });
    await expect(failed).rejects.toThrow(/401/);
    await expect(failed).rejects.not.toThrow(/wrong/);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answering(url: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (
      await fetch(`${url}/v2/`).then(
        () => true,
        () => false,
      )
    )
      return;
    await sleep(100);
  }
  throw new Error(`${url} does not answer`);
}
