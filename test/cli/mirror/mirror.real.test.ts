import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { connectRegistry } from "../../../operations/connect-registry.ts";
import { mirrorImages, type MirrorOptions } from "../../../cli/mirror/mirror-images.ts";
import { parseImagesLock } from "../../../components/platform/registry/images-lock.ts";
import { lineProgress } from "../../../local/progress.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { credentials, localRegistry, type LocalRegistry } from "./local-registry.ts";
import { pushUpstream, type Upstream } from "./push-upstream.ts";
import { unsteadyProxy } from "./unsteady-proxy.ts";

describe("mirroring from one real registry, with an account, to another", () => {
  let folder: string;
  let upstream: LocalRegistry;
  let own: LocalRegistry;
  let upstreamClient: RegistryClient;
  let target: RegistryClient;
  let redis: Upstream;
  let prometheus: Upstream;
  let lines: string[];
  let round = 0;
  let sourcesFile: string;
  let lockFile: string;
  let dockerConfig: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mirror-test-"));
    upstream = await localRegistry(join(folder, "upstream"), true);
    own = await localRegistry(join(folder, "own"), false);
    upstreamClient = registryClient({ url: upstream.url, credentials });
    redis = await pushUpstream(upstreamClient, "library/redis", "7", { docker: true });
    prometheus = await pushUpstream(upstreamClient, "prom/prometheus", "v3");
  });
  afterAll(async () => {
    await upstream.close();
    await own.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Each test has a registry of its own: a prefix. */
  beforeEach(async () => {
    lines = [];
    target = registryClient({ url: `${own.url}/round-${++round}` });
    sourcesFile = join(folder, `images.sources-${round}.json`);
    lockFile = join(folder, `images.test-${round}.lock.json`);
    dockerConfig = join(folder, `config-${round}.json`);
    await allow(upstream.host);
    await sources({ redis: { reference: `${upstream.host}/library/redis:7` } });
  });

  const allow = (host: string, password = credentials.password): Promise<void> => {
    const auth = Buffer.from(`${credentials.username}:${password}`).toString("base64");
    return writeFile(dockerConfig, JSON.stringify({ auths: { [host]: { auth } } }));
  };
  const sources = (images: object): Promise<void> =>
    writeFile(sourcesFile, JSON.stringify({ schemaVersion: 1, images }));
  const mirror = (options: Partial<MirrorOptions> = {}) =>
    mirrorImages(
      lineProgress((line) => lines.push(line)),
      {
        target,
        sourcesFile,
        lockFile,
        connect: (source) => connectRegistry({ ...source, credentialsFile: dockerConfig }, {}),
        ...options,
      },
    );
  const locked = async () => parseImagesLock(await readFile(lockFile, "utf8"), lockFile).images;

  it("copies an index with all its images byte for byte, locks its digest, and pins what the tag was", async () => {
    await sources({
      redis: { reference: `${upstream.host}/library/redis:7` },
      prometheus: { reference: `${upstream.host}/prom/prometheus:v3` },
    });
    await mirror();
    expect(await locked()).toEqual({
      redis: {
        repository: "slipway/redis",
        digest: redis.digest,
        source: `${upstream.host}/library/redis:7@${redis.digest}`,
      },
      prometheus: expect.objectContaining({ digest: prometheus.digest }) as unknown,
    });
    for (const layer of [...redis.layers["amd64"]!, ...redis.layers["arm64"]!])
      expect(await target.hasBlob("slipway/redis", layer)).toBe(true);
    for (const digest of [redis.digest, redis.images["amd64"]!, redis.images["arm64"]!])
      expect((await target.getManifest("slipway/redis", digest))?.digest).toBe(digest);
    expect(await target.listTags("slipway/redis")).toContain(`7-${redis.digest.slice(7, 19)}`);
    const pinned = JSON.parse(await readFile(sourcesFile, "utf8")) as { images: object };
    expect(pinned.images).toMatchObject({
      redis: { digest: redis.digest },
      prometheus: { digest: prometheus.digest },
    });
    expect(lines.join("\n")).not.toContain(credentials.password);
  });

  it("does nothing when all is there", async () => {
    await mirror();
    const before = await readFile(lockFile, "utf8");
    await mirror();
    expect(await readFile(lockFile, "utf8")).toBe(before);
    expect(lines.filter((line) => line.includes("cached: it is there"))).toHaveLength(1);
    expect(lines.some((line) => line.includes("unchanged, 1 images"))).toBe(true);
  });

  it("keeps to the digest when the tag moves, and follows once the digest is taken out", async () => {
    const first = await pushUpstream(upstreamClient, "moving", "1");
    await sources({ redis: { reference: `${upstream.host}/moving:1` } });
    await mirror();
    const second = await pushUpstream(upstreamClient, "moving", "1");
    await mirror();
    expect((await locked()).redis?.digest).toBe(first.digest);
    await sources({ redis: { reference: `${upstream.host}/moving:1` } });
    await mirror();
    expect((await locked()).redis?.digest).toBe(second.digest);
    expect((await target.listTags("slipway/redis")).filter((tag) => tag.startsWith("1-"))).toHaveLength(2);
  });

  it("killed in the middle of a blob, it has tagged nothing; run again, it copies only what was missing", async () => {
    const proxy = await unsteadyProxy(upstream.host);
    await pushUpstream(upstreamClient, "large", "1", { layers: 11 });
    await allow(proxy.host);
    await sources({ redis: { reference: `${proxy.host}/large:1` } });
    proxy.letThrough(6);
    const script = join(import.meta.dirname, "mirror-process.ts");
    const prefixed = `${own.url}/round-${round}`;
    const args = ["--import", "tsx", script, prefixed, sourcesFile, lockFile, dockerConfig];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    await proxy.stopped;
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await target.listTags("slipway/redis").catch(() => [])).toEqual([]);

    proxy.letThrough(Infinity);
    const before = proxy.blobs.length;
    await mirror();
    const again = proxy.blobs.length - before;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThan(24); // two platforms with 11 layers and a config each
    await proxy.close();
  });

  it("refuses a blob that is not what its digest says, copies the other images, and names at the end what is not there", async () => {
    const bad = await pushUpstream(upstreamClient, "bad", "1");
    const layer = bad.layers["amd64"]![1]!;
    const bytes = await readFile(upstream.blobPath(layer));
    bytes[100] = bytes[100]! ^ 1;
    await writeFile(upstream.blobPath(layer), bytes);
    await sources({
      prometheus: { reference: `${upstream.host}/bad:1` },
      alertmanager: { reference: `${upstream.host}/nothing:1` },
      redis: { reference: `${upstream.host}/library/redis:7` },
    });
    const failure = await mirror().then(() => "no failure", String);
    expect(failure).toContain(`these images are not in ${own.host}/round-${round} yet, all others are:`);
    expect(failure).toContain(`prometheus: registry`);
    expect(failure).toContain(`must be 200000 bytes with digest ${layer}`);
    expect(failure).toContain(`alertmanager: ${upstream.host}/nothing:1: there is no such tag`);
    expect(failure).not.toContain("redis:");
    expect(await target.hasBlob("slipway/prometheus", layer)).toBe(false);
    expect(await target.getManifest("slipway/prometheus", bad.digest)).toBeUndefined();
    expect((await target.getManifest("slipway/redis", redis.digest))?.digest).toBe(redis.digest);
    expect(Object.keys(await locked())).toEqual(["prometheus", "redis"]);
  });

  it("refuses an index without an image for linux/amd64", async () => {
    await pushUpstream(upstreamClient, "arm", "1", { architectures: ["arm64", "s390x"] });
    await sources({ redis: { reference: `${upstream.host}/arm:1` } });
    await expect(mirror()).rejects.toThrow(
      "must have an image for linux/amd64, got linux/arm64, linux/s390x",
    );
  });

  it("refuses an image, named by itself, that is for another machine", async () => {
    const digest = redis.images["arm64"]!;
    await sources({ redis: { reference: `${upstream.host}/library/redis@${digest}` } });
    await expect(mirror()).rejects.toThrow("must be an image for linux/amd64, got linux/arm64");
  });

  it("keeps what the lock has besides the sources; a runtime image that is not there does not stop the rest", async () => {
    const runtime = {
      repository: "slipway/runtime",
      digest: `sha256:${"5".repeat(64)}`,
      sizeBytes: 1,
      source: "built",
    };
    await writeFile(lockFile, JSON.stringify({ schemaVersion: 1, images: { runtime } }));
    await expect(mirror()).rejects.toThrow(
      `runtime: ${own.host}/round-${round} has no slipway/runtime@${runtime.digest}; name in images.sources.json`,
    );
    expect(Object.keys(await locked())).toEqual(["redis", "runtime"]);
    expect((await target.getManifest("slipway/redis", redis.digest))?.digest).toBe(redis.digest);
    await mirror({ built: ["runtime"] });
    expect((await locked()).runtime).toEqual(runtime);

    const ours = await pushUpstream(target, "slipway/runtime", "main");
    const pushed = { ...runtime, digest: ours.digest };
    await writeFile(lockFile, JSON.stringify({ schemaVersion: 1, images: { runtime: pushed } }));
    await mirror();
    expect((await locked()).runtime).toEqual(pushed);
  });

  it("copies only what the registry cannot pull through", async () => {
    const digest = `sha256:${"7".repeat(64)}`;
    await sources({
      redis: { reference: `${upstream.host}/library/redis:7` },
      prometheus: { reference: "quay.io/prometheus/prometheus:v3.5.0", digest },
    });
    await mirror({ pullThrough: "acr" });
    expect((await locked()).prometheus).toMatchObject({
      digest,
      upstream: "quay.io/prometheus/prometheus:v3.5.0",
    });
    expect((await target.getManifest("slipway/redis", redis.digest))?.digest).toBe(redis.digest);
    await expect(mirror({ pullThrough: "ecr" })).rejects.toThrow(
      `prometheus: ${own.host}/round-${round} found no quay.io/prometheus/prometheus:v3.5.0`,
    );
  });

  it("says which registry refused it, and no credentials", async () => {
    await allow(upstream.host, "a-wrong-password");
    const failure = await mirror().then(() => "no failure", String);
    expect(failure).toMatch(/status 401 from http:\/\/127/);
    expect(failure + lines.join("\n")).not.toContain("a-wrong-password");
  });
});
