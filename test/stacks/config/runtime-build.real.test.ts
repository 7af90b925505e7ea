import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { RuntimeImage } from "../../../components/platform/registry/runtime-image.ts";
import { baseRoot, BASE_PACKAGES } from "../../../local/images/base-root.ts";
import { resolvePackages, unpackPackages } from "../../../local/images/debian-packages.ts";
import { BASE_DOCKERFILE } from "../../../local/images/image-keys.ts";
import { runtimeContext } from "../../../local/images/runtime-context.ts";
import { loadProject } from "../../../local/engine/project/project.ts";
import { silentProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { ensureApt } from "../../../local/tools/apt.ts";
import { findRuntimeBuild, type RuntimeBuild } from "../../../stacks/config/runtime-build.ts";
import { find, record } from "../../components/record.ts";
import { freePort } from "../../runtime/support/redis-process.ts";
import { buildImage, imageInputsSchema } from "./docker/build-image.ts";
import { startDockerDaemon, type DockerDaemon } from "./docker/docker-daemon.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** Loads the libraries with native code, each of which needs something of the base image. */
const LOAD_LIBRARIES = `
  const koffi = (await import("koffi")).default;
  koffi.load(process.env.SLIPWAY_LIGHTGBM_LIBRARY).func("LGBM_GetLastError", "str", [])();
  await import("onnxruntime-node");
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create()).connect();
  const rows = await (await connection.runAndReadAll("select 40 + 2 as answer")).getRows();
  console.log(["answer", rows[0][0], "user", process.getuid(), "revision", process.env.SLIPWAY_REVISION].join(" "));`;

describe("slipway:images.build, with a Docker daemon and a registry of its own", { timeout: 600_000 }, () => {
  let folder: string;
  let programFolder: string;
  let daemon: DockerDaemon;
  const cleanups: (() => Promise<unknown>)[] = [];
  let host: string;
  let build: RuntimeBuild;
  let reference: string;

  beforeAll(async () => {
    const needed = { containerd: "containerd", "docker-registry": "docker-registry", dockerd: "docker.io" };
    for (const [program, name] of Object.entries(needed))
      if (!(await isOnPath(program)))
        await ensureApt(silentProgress, [name], "an image is built with Docker");
    folder = await mkdtemp(join(tmpdir(), "docker-"));
    cleanups.push(() => rm(folder, { recursive: true, force: true }));
    programFolder = (await loadProject(ROOT)).programDir;
    host = `127.0.0.1:${await freePort()}`;
    const config = {
      version: 0.1,
      log: { level: "error", accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: join(folder, "registry") } },
      http: { addr: host },
    };
    await writeFile(join(folder, "registry.yml"), JSON.stringify(config));
    const registry = spawn("docker-registry", ["serve", join(folder, "registry.yml")], { stdio: "ignore" });
    cleanups.push(() => {
      registry.kill("SIGKILL");
      return once(registry, "exit");
    });
    daemon = await startDockerDaemon(join(folder, "docker"));
    cleanups.push(() => daemon.stop());
    await vi.waitFor(async () => expect((await fetch(`http://${host}/v2/`)).status).toBe(200), {
      timeout: 20_000,
    });
    const context = join(folder, "context");
    await mkdir(context);
    await (await runtimeContext(silentProgress, ROOT)).stage(context);
    const images = { lockFile: "images.prod.lock.json", build: { base: await pushBase(), context } };
    const found = await findRuntimeBuild(images, { root: ROOT, programFolder, env: daemon.env });
    if (found.build === undefined) throw new Error(found.notice);
    build = found.build;
  }, 600_000);

  afterAll(async () => {
    for (const cleanup of cleanups.toReversed()) await cleanup();
  });

  /** Builds the base image of the local cluster and pushes it. Returns its reference by digest. */
  async function pushBase(): Promise<string> {
    const cacheBefore = process.env["SLIPWAY_CACHE"];
    process.env["SLIPWAY_CACHE"] = join(folder, "cache");
    try {
      await mkdir(join(folder, "cache/images"), { recursive: true });
      const pool = { folder: join(folder, "pool"), versions: await resolvePackages(BASE_PACKAGES) };
      await mkdir(pool.folder);
      const owners = await unpackPackages(BASE_PACKAGES, pool.folder);
      await baseRoot({ ...pool, owners }, join(folder, "base/root"));
    } finally {
      if (cacheBefore === undefined) delete process.env["SLIPWAY_CACHE"];
      else process.env["SLIPWAY_CACHE"] = cacheBefore;
    }
    const paths = { context: "base", dockerfile: relative(folder, BASE_DOCKERFILE) };
    const rest = { platform: "linux/amd64", args: {}, builderVersion: "BuilderBuildKit" } as const;
    return buildImage(daemon, { imageName: `${host}/base:1`, build: { ...paths, ...rest } }, folder);
  }

  /** Runs a program of the image without a network, and returns its exit status and output. */
  async function run(
    entrypoint: string[] | undefined,
    args: string[],
  ): Promise<{ status: number; output: string }> {
    const json = {
      Image: reference,
      Cmd: args,
      ...(entrypoint === undefined ? {} : { Entrypoint: entrypoint }),
      Tty: true, // one stream of text
      HostConfig: { NetworkMode: "none", ReadonlyRootfs: true },
    };
    const { Id: id } = z
      .object({ Id: z.string() })
      .parse(JSON.parse(await daemon.call("POST", "/containers/create", { json })));
    await daemon.call("POST", `/containers/${id}/start`);
    const ended = JSON.parse(await daemon.call("POST", `/containers/${id}/wait`)) as unknown;
    const output = await daemon.call("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
    await daemon.call("DELETE", `/containers/${id}`);
    return { status: z.object({ StatusCode: z.int() }).parse(ended).StatusCode, output };
  }

  it("builds the image from the program's folder, and pushes it with its own tag", async () => {
    const { resources } = await record(
      () => new RuntimeImage("runtime", { repository: `${host}/slipway/runtime`, ...build }),
    );
    const inputs = imageInputsSchema.parse(find(resources, "docker:index/image:Image", "runtime-image"));
    reference = await buildImage(daemon, inputs, programFolder);
    expect(reference).toMatch(new RegExp(`^${host}/slipway/runtime@sha256:[0-9a-f]{64}$`));
    const tags = await fetch(`http://${host}/v2/slipway/runtime/tags/list`);
    expect(await tags.json()).toMatchObject({ tags: [build.tag] });
  });

  it("gives it the user, the entry point and the revision of the Dockerfile, above the layers of the base", async () => {
    const inspected = async (name: string): Promise<unknown> =>
      JSON.parse(await daemon.call("GET", `/images/${name}/json`)) as unknown;
    const layersOf = (image: unknown): string[] =>
      z.object({ RootFS: z.object({ Layers: z.array(z.string()) }) }).parse(image).RootFS.Layers;
    const image = await inspected(reference);
    expect(image).toMatchObject({
      Architecture: "amd64",
      Config: {
        User: "65532:65532",
        Entrypoint: ["/usr/local/bin/node", "/app/main.js"],
        WorkingDir: "/app",
        Env: expect.arrayContaining([`SLIPWAY_REVISION=${build.revision}`]) as string[],
      },
    });
    const base = layersOf(await inspected(`${host}/base:1`));
    expect(layersOf(image).slice(0, base.length)).toEqual(base);
    expect(layersOf(image)).toHaveLength(base.length + 5); // node, node_modules, lib, dist; WORKDIR is one too
  });

  it("runs: it knows its jobs, and its libraries load on the base", async () => {
    const { status, output } = await run(undefined, ["nonsense"]);
    expect({ status, output }).toMatchObject({
      status: 2,
      output: expect.stringContaining("no such job") as string,
    });
    const loaded = await run(["/usr/local/bin/node"], ["--input-type=module", "-e", LOAD_LIBRARIES]);
    expect(loaded.output.trim()).toBe(`answer 42 user 65532 revision ${build.revision}`);
    expect(loaded.status).toBe(0);
  });
});

const isOnPath = (program: string): Promise<boolean> =>
  runCommand("sh", ["-c", `command -v ${program}`]).then(
    () => true,
    () => false,
  );
