import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lineProgress, silentProgress } from "../../../local/progress.ts";
import { runCommand } from "../../../local/run-command.ts";
import { backUpRegistry, type BackupSummary } from "../../../operations/backup/back-up-registry.ts";
import { planRestore, type RestorePlan } from "../../../operations/backup/plan-restore.ts";
import { restoreRegistry, type MovedTags } from "../../../operations/backup/restore-registry.ts";
import { layoutBlobPath } from "../../../runtime/artifacts/oci-layout.ts";
import { listReferrers } from "../../../runtime/artifacts/referrers.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { parseArtifactReference } from "../../../runtime/contract/artifact-reference.ts";
import { localRegistry, type LocalRegistry } from "../../cli/mirror/local-registry.ts";
import { unsteadyProxy } from "../../cli/mirror/unsteady-proxy.ts";
import { pushRecord, pushTraining, REPOSITORIES } from "./push-record.ts";

const [DATASETS = "", , MODELS = ""] = REPOSITORIES;

describe("a backup of a real registry", () => {
  let root: string;
  let server: LocalRegistry;
  let registry: RegistryClient;
  let directory: string;
  let round = 0;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "backup-test-"));
    server = await localRegistry(join(root, "registry"), false);
  });
  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Each test has a registry of its own, a prefix, and a folder. */
  beforeEach(() => {
    registry = registryClient({ url: `${server.url}/round-${++round}` });
    directory = join(root, `backup-${round}`);
  });

  const backUp = (from = registry): Promise<BackupSummary> =>
    backUpRegistry(silentProgress, { registry: from, repositories: REPOSITORIES, directory });
  const plan = (target: RegistryClient): Promise<RestorePlan> =>
    planRestore({ registry: target, repositories: REPOSITORIES, directory });
  const restore = async (target: RegistryClient, movedTags?: MovedTags): Promise<RestorePlan> => {
    const planned = await plan(target);
    await restoreRegistry(silentProgress, planned, { registry: target, directory, movedTags });
    return planned;
  };
  /** The tags of all repositories, and the bytes behind each. */
  const tagsOf = async (client: RegistryClient): Promise<Record<string, string | undefined>> => {
    const tags: Record<string, string | undefined> = {};
    for (const repository of REPOSITORIES)
      for (const tag of await client.listTags(repository))
        tags[`${repository}:${tag}`] = await client.resolveTag(repository, tag);
    return tags;
  };
  const digestOf = (reference: string): string => parseArtifactReference(reference).digest;

  it("brings every digest, tag and referrer into an empty registry after the storage of the first is lost", async () => {
    const lost = await localRegistry(join(root, "lost"), false);
    const first = registryClient({ url: lost.url });
    const { candidate, model, referrers } = await pushTraining(first);
    const tags = await tagsOf(first);
    expect(await backUp(first)).toMatchObject({ artifacts: 5, failures: [], missing: [] });
    await lost.close();
    await rm(join(root, "lost"), { recursive: true });

    const empty = await localRegistry(join(root, "empty"), false);
    const second = registryClient({ url: empty.url });
    const planned = await restore(second);
    expect(planned).toMatchObject({ movedTags: [], damaged: [], sameTags: 0 });
    expect(await tagsOf(second)).toEqual(tags);
    for (const reference of [candidate, model, ...referrers]) {
      const { repository, digest } = parseArtifactReference(reference);
      const manifest = await second.getManifest(repository, digest);
      const { layers } = JSON.parse(manifest!.bytes.toString()) as {
        layers: { digest: string; size: number }[];
      };
      for (const layer of layers) await second.pullBlob(repository, layer, join(root, "pulled"));
    }
    const listed = await listReferrers(second, MODELS, digestOf(model));
    expect(listed.map(({ digest }) => digest)).toEqual(referrers.map(digestOf));
    expect(await plan(second)).toMatchObject({ manifests: [], tags: [], movedTags: [], sameTags: 4 });
    await empty.close();
  });

  it("is an OCI image layout for its owner alone, with a name for every artifact", async () => {
    const { dataset, candidate, model, referrers } = await pushTraining(registry);
    await backUp();
    expect(JSON.parse(await readFile(join(directory, "oci-layout"), "utf8"))).toEqual({
      imageLayoutVersion: "1.0.0",
    });
    const { manifests } = JSON.parse(await readFile(join(directory, "index.json"), "utf8")) as {
      manifests: { digest: string; annotations: Record<string, string> }[];
    };
    const names = manifests.map(({ digest, annotations }) => [
      annotations["org.opencontainers.image.ref.name"],
      digest,
    ]);
    expect(Object.fromEntries(names)).toEqual({
      [`${DATASETS}:inputs-1`]: digestOf(dataset),
      [`${DATASETS}:latest`]: digestOf(dataset),
      [candidate]: digestOf(candidate),
      [`${MODELS}:champion`]: digestOf(model),
      [`${MODELS}:latest`]: digestOf(model),
      ...Object.fromEntries(referrers.map((reference) => [reference, digestOf(reference)])),
    });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  it("pulls only what is new, and keeps an artifact whose tag has moved", async () => {
    const { model } = await pushTraining(registry);
    await backUp();
    expect(await backUp()).toMatchObject({ blobs: 0, bytes: 0 });
    const next = await pushRecord(registry, MODELS, { tags: ["champion"], bytes: 500 });
    expect(await backUp()).toMatchObject({ artifacts: 6, blobs: 1, bytes: 500 });
    const second = registryClient({ url: `${server.url}/round-${round}-restored` });
    await restore(second);
    expect(await second.resolveTag(MODELS, "champion")).toBe(digestOf(next));
    expect(await second.getManifest(MODELS, digestOf(model))).toBeDefined();
  });

  it("keeps the tags of a backup when the registry has lost them, and names them", async () => {
    const { model } = await pushTraining(registry);
    await backUp();
    const second = registryClient({ url: `${server.url}/round-${round}-restored` });
    await pushRecord(second, MODELS, { tags: ["latest"] });
    expect((await backUp(second)).lostTags.sort()).toEqual([
      `${DATASETS}:inputs-1`,
      `${DATASETS}:latest`,
      `${MODELS}:champion`,
    ]);
    await restore(second);
    expect(await second.resolveTag(MODELS, "champion")).toBe(digestOf(model));
  });

  it("fails where the registry has nothing, and keeps the backup as it was", async () => {
    await pushTraining(registry);
    await backUp();
    const before = await readFile(join(directory, "index.json"), "utf8");
    await expect(backUp(registryClient({ url: `${server.url}/nothing` }))).rejects.toThrow(
      `backup: ${server.host}/nothing must have artifacts of the stack's workloads, it has none`,
    );
    expect(await readFile(join(directory, "index.json"), "utf8")).toBe(before);
  });

  it("killed in the middle of a blob, leaves complete blobs alone; the next run pulls the rest", async () => {
    await pushTraining(registry);
    const proxy = await unsteadyProxy(server.host);
    proxy.letThrough(3);
    const url = `http://${proxy.host}/round-${round}`;
    const script = join(import.meta.dirname, "backup-process.ts");
    const args = ["--import", "tsx", script, url, directory, ...REPOSITORIES];
    const child = spawn(process.execPath, args, { stdio: "ignore" });
    await proxy.stopped;
    child.kill("SIGKILL");
    await once(child, "exit");
    const complete = await readdir(join(directory, "blobs", "sha256"));
    expect(complete.length).toBeGreaterThan(0);
    for (const hex of complete)
      expect(await runCommand("sha256sum", [join(directory, "blobs", "sha256", hex)])).toMatch(
        new RegExp(`^${hex}`),
      );

    proxy.letThrough(Infinity);
    const before = proxy.blobs.length;
    await backUp(registryClient({ url }));
    const again = proxy.blobs.slice(before).map((path) => path.slice(path.lastIndexOf(":") + 1));
    expect(again.length).toBeGreaterThan(0);
    for (const hex of again) expect(complete).not.toContain(hex);
    expect(await readdir(join(directory, ".incoming"))).toEqual([]);
    expect(await plan(registry)).toMatchObject({ manifests: [], damaged: [], sameTags: 4 });
    await proxy.close();
  });

  it("names a damaged blob and the artifacts that need it, and restores the others", async () => {
    const { dataset, model } = await pushTraining(registry);
    await backUp();
    const manifest = await registry.getManifest(DATASETS, digestOf(dataset));
    const { layers } = JSON.parse(manifest!.bytes.toString()) as { layers: { digest: string }[] };
    const path = layoutBlobPath(directory, layers[0]!.digest);
    const bytes = await readFile(path);
    bytes[100] = bytes[100]! ^ 1;
    await writeFile(path, bytes);
    const second = registryClient({ url: `${server.url}/round-${round}-restored` });
    const { damaged } = await restore(second);
    expect(damaged).toEqual(
      ["inputs-1", "latest"].map(
        (tag) =>
          expect.stringContaining(`${DATASETS}:${tag}: ${path} must be 300000 bytes with digest`) as unknown,
      ),
    );
    expect(await second.listTags(DATASETS)).toEqual([]);
    expect(await second.resolveTag(MODELS, "champion")).toBe(digestOf(model));

    await rm(path);
    await backUp();
    expect(await restore(second)).toMatchObject({ damaged: [] });
    expect(await second.resolveTag(DATASETS, "latest")).toBe(digestOf(dataset));
  });

  it("saves the other artifacts when one in the registry is damaged, and names it", async () => {
    const { dataset, model } = await pushTraining(registry);
    const manifest = await registry.getManifest(DATASETS, digestOf(dataset));
    const { layers } = JSON.parse(manifest!.bytes.toString()) as { layers: { digest: string }[] };
    await truncate(server.blobPath(layers[0]!.digest), 100);
    const { failures } = await backUp();
    for (const tag of ["inputs-1", "latest"])
      expect(failures.join("\n")).toContain(
        `${DATASETS}:${tag}: registry: blob of ${DATASETS} must be 300000`,
      );
    const second = registryClient({ url: `${server.url}/round-${round}-restored` });
    await restore(second);
    expect(await second.resolveTag(MODELS, "champion")).toBe(digestOf(model));
  });

  it("changes no tag that names another artifact by now, unless it is told to", async () => {
    const { model } = await pushTraining(registry);
    await backUp();
    const next = digestOf(await pushRecord(registry, MODELS, { tags: ["champion"] }));
    await expect(restore(registry)).rejects.toThrow(
      /1 tags name another artifact .*nothing was changed.*--moved-tags keep/,
    );
    expect((await plan(registry)).movedTags).toEqual([
      { repository: MODELS, tag: "champion", digest: digestOf(model), current: next },
    ]);
    await restore(registry, "keep");
    expect(await registry.resolveTag(MODELS, "champion")).toBe(next);
    await restore(registry, "overwrite");
    expect(await registry.resolveTag(MODELS, "champion")).toBe(digestOf(model));
  });

  it("leaves out repositories that the stack does not have", async () => {
    await pushTraining(registry);
    await backUp();
    const second = registryClient({ url: `${server.url}/round-${round}-restored` });
    const planned = await planRestore({ registry: second, repositories: [DATASETS], directory });
    expect(planned.otherRepositories).toEqual(REPOSITORIES.slice(1));
    expect(planned.manifests.map(({ repository }) => repository)).toEqual([DATASETS]);
  });

  it("refuses a folder that holds something else, and changes nothing in it", async () => {
    directory = join(root, "registry");
    await expect(backUp()).rejects.toThrow(/must be empty or a backup, it holds data, htpasswd/);
    expect(await readdir(directory)).not.toContain("blobs");
    await expect(plan(registry)).rejects.toThrow("must be a folder with a backup");
    directory = join(root, "registry", "htpasswd");
    await expect(backUp()).rejects.toThrow("must be a folder, a file is there");
  });

  describe.runIf(process.getuid?.() === 0)("on a disk of its own", () => {
    const mounted = async (options: string, work: () => Promise<void>): Promise<void> => {
      directory = await mkdtemp(join(root, "disk-"));
      await chmod(directory, 0o700);
      await runCommand("mount", ["-t", "tmpfs", "-o", options, "tmpfs", directory]);
      try {
        await work();
      } finally {
        await runCommand("umount", [directory]);
      }
    };

    it("says that the disk is full, and goes on when there is room", async () => {
      await pushTraining(registry);
      await mounted("size=600k", async () => {
        await expect(backUp()).rejects.toThrow(
          `backup: ${directory} must have room for the artifacts, its disk is full`,
        );
        await runCommand("mount", ["-o", "remount,size=8m", directory]);
        expect(await backUp()).toMatchObject({ artifacts: 5, failures: [] });
        expect(await plan(registry)).toMatchObject({ manifests: [], damaged: [] });
      });
    });

    it("says that the disk is read-only", async () => {
      await mounted("ro,size=8m", () =>
        expect(backUp()).rejects.toThrow(`backup: ${directory} must be writable, got EROFS`),
      );
    });
  });

  it("tells a person what it does, repository by repository", async () => {
    const lines: string[] = [];
    await pushTraining(registry);
    const progress = lineProgress((line) => lines.push(line));
    await backUpRegistry(progress, { registry, repositories: [...REPOSITORIES, "other/model"], directory });
    await backUpRegistry(progress, { registry, repositories: [DATASETS], directory });
    const text = lines.join("\n");
    expect(text).toContain(`✓ Back up ${MODELS} (done`);
    expect(text).toContain("✓ Back up other/model (skipped: the registry has no tag in it");
    expect(text).toContain(`✓ Back up ${DATASETS} (cached: no new blob`);
  });
});
