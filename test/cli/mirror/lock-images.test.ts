import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { describeFailures } from "../../../cli/mirror/describe-failures.ts";
import { loadImageSources } from "../../../stacks/config/image-sources.ts";
import { lockFromSources } from "../../../cli/mirror/lock-from-sources.ts";
import { lockImages } from "../../../cli/mirror/lock-images.ts";
import { formatImagesLock, loadImagesLock } from "../../../local/images/images-lock-file.ts";
import { silentProgress } from "../../../local/progress.ts";
import type { RegistryClient } from "../../../runtime/artifacts/registry-client.ts";

const root = resolve(import.meta.dirname, "../../..");

describe("images.prod.lock.json", () => {
  test("is what images.sources.json stands for", async () => {
    const sources = await loadImageSources(join(root, "images.sources.json"));
    const path = join(root, "images.prod.lock.json");
    const text = await readFile(path, "utf8");
    expect(text).toBe(formatImagesLock(lockFromSources(sources, await loadImagesLock(path))));
  });

  test("has no image of somebody's own machine", async () => {
    const { images } = await loadImagesLock(join(root, "images.prod.lock.json"));
    for (const [name, { source, upstream }] of Object.entries(images)) {
      expect(source, name).not.toContain("-dirty");
      expect(upstream, `${name} must name its public registry`).toBeDefined();
    }
  });
});

describe("lockImages", () => {
  const digests: Record<string, string> = {
    "prometheus/prometheus:v3.5.0": `sha256:${"a".repeat(64)}`,
    "prometheus/pushgateway:v1.11.1": `sha256:${"b".repeat(64)}`,
  };
  let folder: string;
  let asked: string[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "lock-images-"));
    asked = [];
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run = async (
    images: object,
    options: { follow?: boolean; platforms?: boolean; before?: object } = {},
  ) => {
    const [sourcesFile, lockFile] = [join(folder, "sources.json"), join(folder, "lock.json")];
    await writeFile(sourcesFile, JSON.stringify({ schemaVersion: 1, images }));
    if (options.before !== undefined)
      await writeFile(lockFile, JSON.stringify({ schemaVersion: 1, images: options.before }));
    const result = await lockImages(silentProgress, {
      sourcesFile,
      lockFile,
      ...(options.follow === undefined ? {} : { follow: options.follow }),
      ...(options.platforms === undefined ? {} : { platforms: options.platforms }),
      connect: ({ url }) =>
        Promise.resolve({
          getManifest: (repository: string, reference: string) => {
            asked.push(`${url}/${repository}:${reference}`);
            const digest = digests[`${repository}:${reference}`];
            if (url.includes("down")) return Promise.reject(new TypeError("fetch failed"));
            if (reference === multi) return Promise.resolve({ digest: multi, ...index });
            return Promise.resolve(digest && { digest, mediaType: "image", bytes: Buffer.from("{}") });
          },
        } as unknown as RegistryClient),
    });
    return { ...result, sources: (await loadImageSources(sourcesFile)).images };
  };
  /** An index with images for the platforms of nodes, one for another, and an attestation. */
  const multi = `sha256:${"e".repeat(64)}`;
  const index = {
    mediaType: "application/vnd.oci.image.index.v1+json",
    bytes: Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        manifests: ["amd64", "s390x", "arm64", "unknown"].map((architecture) => ({
          mediaType: "application/vnd.oci.image.manifest.v1+json",
          digest: `sha256:${"f".repeat(64)}`,
          size: 1,
          platform: { os: architecture === "unknown" ? "unknown" : "linux", architecture },
        })),
      }),
    ),
  };
  const prometheus = { reference: "quay.io/prometheus/prometheus:v3.5.0" };

  it("asks for digests that are not pinned, and writes them to both files", async () => {
    const { lock, sources } = await run({ prometheus });
    const digest = digests["prometheus/prometheus:v3.5.0"];
    expect(sources.prometheus).toEqual({ ...prometheus, digest, platforms: ["linux/amd64"] });
    expect(lock.images.prometheus).toEqual({
      repository: "slipway/prometheus",
      digest,
      platforms: ["linux/amd64"],
      upstream: prometheus.reference,
      source: `${prometheus.reference}@${digest}`,
    });
  });

  it("asks nobody about a pinned digest, unless it follows the tags", async () => {
    const digest = `sha256:${"c".repeat(64)}`;
    const pinned = { prometheus: { ...prometheus, digest } };
    expect((await run(pinned)).lock.images.prometheus?.digest).toBe(digest);
    expect(asked).toEqual([]);
    const followed = await run(pinned, { follow: true });
    expect(followed.lock.images.prometheus?.digest).toBe(digests["prometheus/prometheus:v3.5.0"]);
  });

  it("asks for the platforms of a pinned digest where it is told to, and once", async () => {
    const pinned = { prometheus: { ...prometheus, digest: multi } };
    const { lock, sources } = await run(pinned, { platforms: true });
    expect(asked).toEqual([`https://quay.io/prometheus/prometheus:${multi}`]);
    expect(sources.prometheus?.platforms).toEqual(["linux/amd64", "linux/arm64"]);
    expect(lock.images.prometheus).toMatchObject({
      digest: multi,
      platforms: ["linux/amd64", "linux/arm64"],
    });
    await run({ prometheus: sources.prometheus }, { platforms: true });
    expect(asked).toHaveLength(1);
  });

  it("locks the others where one registry is down or has no such tag", async () => {
    const { lock, failures, sources } = await run({
      redis: { reference: "down.example.com/redis:7" },
      alertmanager: { reference: "quay.io/prometheus/alertmanager:v0" },
      prometheus,
    });
    expect(Object.keys(lock.images)).toEqual(["prometheus"]);
    expect(failures).toEqual([
      { name: "redis", reason: "fetch failed" },
      { name: "alertmanager", reason: "quay.io/prometheus/alertmanager:v0: there is no such tag" },
    ]);
    expect(sources.redis).toEqual({ reference: "down.example.com/redis:7" });
  });

  it("does not ask a registry that does not answer, and asks the others for several images at the same time", async () => {
    const [sourcesFile, lockFile] = [join(folder, "sources.json"), join(folder, "lock.json")];
    const images = {
      redis: { reference: "silent.example.com/redis:7" },
      alertmanager: { reference: "quay.io/prometheus/alertmanager:v1" },
      prometheus,
      pushgateway: { reference: "silent.example.com/pushgateway:v1" },
    };
    await writeFile(sourcesFile, JSON.stringify({ schemaVersion: 1, images }));
    let [running, most] = [0, 0];
    const urls: string[] = [];
    const { failures } = await lockImages(silentProgress, {
      sourcesFile,
      lockFile,
      unreachable: () =>
        Promise.resolve(
          new Map([["https://silent.example.com", "silent.example.com cannot be reached (ENOTFOUND)"]]),
        ),
      connect: ({ url }) => {
        urls.push(url);
        const getManifest = async (): Promise<undefined> => {
          most = Math.max(most, ++running);
          await new Promise((done) => setTimeout(done, 5));
          running--;
        };
        return Promise.resolve({ getManifest } as unknown as RegistryClient);
      },
    });
    expect(urls).toEqual(["https://quay.io", "https://quay.io"]);
    expect(most).toBe(2);
    expect(failures.map(({ name }) => name)).toEqual(["redis", "alertmanager", "prometheus", "pushgateway"]);
    expect(describeFailures(failures)).toBe(
      [
        "",
        "redis, pushgateway: silent.example.com cannot be reached (ENOTFOUND)",
        "alertmanager: quay.io/prometheus/alertmanager:v1: there is no such tag",
        "prometheus: quay.io/prometheus/prometheus:v3.5.0: there is no such tag",
        "check the network, DNS and proxy of this machine, or write the digests into images.sources.json yourself",
      ].join("\n  "),
    );
  });

  it("drops the old digest of a source without one, and keeps images without a source", async () => {
    const old = (name: string) => ({
      repository: `slipway/${name}`,
      digest: `sha256:${"d".repeat(64)}`,
      source: "old",
    });
    const { lock } = await run(
      { redis: { reference: "down.example.com/redis:7" } },
      { before: { redis: old("redis"), runtime: old("runtime") } },
    );
    expect(Object.keys(lock.images)).toEqual(["runtime"]);
  });
});
