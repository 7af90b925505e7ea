import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseConfig } from "../../../stacks/config/parse-config.ts";
import { hasDockerDaemon } from "../../../stacks/config/docker-daemon.ts";
import { findRuntimeBuild } from "../../../stacks/config/runtime-build.ts";
import { find, list } from "../../components/record.ts";
import { rawConfig, stack } from "../stack.ts";

const base = `registry.example.com/distroless/cc@sha256:${"b".repeat(64)}`;
const images = { lockFile: "images.prod.lock.json", build: { base, context: "context" } };

let folder: string;
let server: Server;
let status = 200;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runtime-build-"));
  await mkdir(join(folder, "runtime"));
  await writeFile(join(folder, "runtime/Dockerfile"), "ARG BASE\nFROM ${BASE}\n");
  status = 200;
  server = createServer((request, response) => {
    response.writeHead(request.url === "/_ping" ? status : 404).end("OK");
  });
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a server in place of the Docker daemon, on a socket or on a port. */
async function daemon(address: "socket" | "port"): Promise<NodeJS.ProcessEnv> {
  const socket = join(folder, "docker.sock");
  await new Promise<void>((resolve) =>
    address === "socket" ? server.listen(socket, resolve) : server.listen(0, "127.0.0.1", resolve),
  );
  return {
    DOCKER_HOST:
      address === "socket" ? `unix://${socket}` : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
  };
}

async function staged(manifest = '{"name":"slipway","revision":"7f0de54"}'): Promise<void> {
  await mkdir(join(folder, "context/dist"), { recursive: true });
  await writeFile(join(folder, "context/dist/package.json"), manifest);
}

describe("a Docker daemon", () => {
  test.each(["socket", "port"] as const)("is found if it answers on its %s", async (address) => {
    expect(await hasDockerDaemon(await daemon(address))).toBe(true);
  });

  test("is not found if another server answers", async () => {
    status = 500;
    expect(await hasDockerDaemon(await daemon("socket"))).toBe(false);
  });

  test.each(["unix:///nonexistent/docker.sock", "tcp://127.0.0.1:1", "npipe:////./pipe/docker", "nonsense"])(
    "is not found at %s",
    async (host) => {
      expect(await hasDockerDaemon({ DOCKER_HOST: host })).toBe(false);
    },
  );

  test.each<NodeJS.ProcessEnv>([
    { DOCKER_HOST: "ssh://builder" },
    { DOCKER_HOST: "tcp://127.0.0.1:1", DOCKER_TLS_VERIFY: "1" },
  ])("is assumed without a request: %j", async (env) => {
    expect(await hasDockerDaemon(env)).toBe(true);
  });
});

describe("the runtime image", () => {
  test("is built from the staged context if there is a daemon, by paths from the program's folder", async () => {
    await staged();
    const run = { root: folder, programFolder: join(folder, "stacks"), env: await daemon("socket") };
    expect(await findRuntimeBuild(images, run)).toEqual({
      build: {
        base,
        context: "../context",
        dockerfile: "../runtime/Dockerfile",
        revision: "7f0de54",
        architecture: "amd64",
        tag: expect.stringMatching(/^7f0de54-[0-9a-f]{12}$/) as string,
      },
    });
  });

  test("has another tag for another base or Dockerfile, because a registry may accept each tag only once", async () => {
    await staged();
    const env = await daemon("socket");
    const tagOf = async (build = images.build): Promise<string> =>
      (await findRuntimeBuild({ ...images, build }, { root: folder, env })).build?.tag ?? "";
    const tag = await tagOf();
    expect(await tagOf()).toBe(tag);
    const tags = [tag, await tagOf({ ...images.build, base: base.replace("distroless", "chainguard") })];
    await writeFile(join(folder, "runtime/Dockerfile"), "ARG BASE\nFROM ${BASE}\nUSER 1\n");
    tags.push(await tagOf());
    expect(new Set(tags).size).toBe(3);
  });

  test("is that of the lock file if there is no daemon, and a notice says so", async () => {
    const env = { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
    expect(await findRuntimeBuild(images, { root: folder, env })).toEqual({
      notice: "no Docker daemon answers: the stack uses the runtime image that images.prod.lock.json names",
    });
  });

  test("is that of the lock file if the config has no build, without a request to a daemon", async () => {
    const { lockFile } = images;
    expect(await findRuntimeBuild({ lockFile }, { root: folder, env: {} })).toEqual({});
  });

  test.each([undefined, "{}", "not json"])("cannot be built from %j", async (manifest) => {
    if (manifest !== undefined) await staged(manifest);
    const env = await daemon("socket");
    await expect(findRuntimeBuild(images, { root: folder, env })).rejects.toThrow(
      `slipway:images.build.context: must be a folder with a staged build context, got ${join(folder, "context")}; fill it first: npm run stage`,
    );
  });

  test("is that of the lock file in a preview without a staged context, and a notice says so", async () => {
    const run = { root: folder, env: await daemon("socket"), preview: true };
    expect(await findRuntimeBuild(images, run)).toEqual({
      notice:
        "context has no staged build context: the plan has the runtime image that images.prod.lock.json names",
    });
    await staged();
    expect(await findRuntimeBuild(images, run)).toHaveProperty("build.revision", "7f0de54");
  });

  test("is pushed to the registry of the foundation, and pods run the pushed digest", async () => {
    const resources = await stack(
      "prod",
      {},
      {
        runtimeBuild: {
          base,
          context: "../staged",
          dockerfile: "../Dockerfile",
          revision: "7f0de54",
          architecture: "amd64",
          tag: "7f0de54-b1",
        },
      },
    );
    expect(list(resources).filter((line) => line.includes("docker:"))).toEqual([
      "docker:index/image:Image runtime-image",
    ]);
    expect(find(resources, "docker:index/image:Image", "runtime-image")).toMatchObject({
      imageName: "417366251839.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime:7f0de54-b1",
      build: { context: "../staged", dockerfile: "../Dockerfile", args: { BASE: base, REVISION: "7f0de54" } },
    });
  });
});

test.each([
  [{ lockFile: "x", build: {} }, "slipway:images.build.base: must be a text, got nothing"],
  [{ lockFile: "x", build: { base: "cc:latest" } }, "must be HOST/REPOSITORY@sha256:…: an image by digest"],
])("refuses %j", async (config, message) => {
  const raw = await rawConfig("prod-foundation", { "slipway:images": config });
  expect(() => parseConfig(raw)).toThrow(message);
});

test("is refused if npm run up builds the images", async () => {
  const raw = await rawConfig("dev", { "slipway:images": { lockFile: "x", build: { base } } });
  expect(() => parseConfig(raw)).toThrow("must be left out if registry.kind is local");
});
