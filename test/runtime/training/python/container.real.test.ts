import { chown, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StoredImage, ImageStore } from "../../../../local/images/image-store.ts";
import { trainerImage } from "../../../../local/images/trainer-image.ts";
import { lineProgress, silentProgress } from "../../../../local/progress.ts";
import { runCommand } from "../../../../local/run-command.ts";
import { sourceDistribution } from "../../../../local/tools/python-package.ts";
import { publishDefinition } from "../../../../operations/pipeline/publish-definition.ts";
import { pushArtifact } from "../../../../runtime/artifacts/push-artifact.ts";
import { readCandidate } from "../../../../runtime/artifacts/read-candidate.ts";
import { registryClient } from "../../../../runtime/artifacts/registry-client.ts";
import { artifactRepository } from "../../../../runtime/contract/artifact-kind.ts";
import { stepDefinition } from "../../../../runtime/contract/step-definition.ts";
import { openDuckDb } from "../../../../runtime/duckdb.ts";
import { writeFeatureTable } from "../../../../runtime/features/feature-table.ts";
import { withScratch } from "../../../../runtime/scratch.ts";
import { loadWorkload, workloadFolder } from "../../../../workloads/catalog.ts";
import { fakeRegistry, type FakeRegistry } from "../../support/fake-registry.ts";
import { runJob } from "../../support/run-job.ts";

const USER = 65532;
let server: FakeRegistry;
beforeAll(async () => {
  server = await fakeRegistry();
});
afterAll(() => server.close());

/** Runs the image as a pod does: as its user, with a read-only root and no network, and only these folders of `work`. */
async function runImage(image: StoredImage, store: ImageStore, work: string): Promise<string> {
  const root = join(work, "root");
  await mkdir(root);
  const [, ...layers] = image.blobs;
  for (const { digest } of layers) await runCommand("tar", ["-xf", store.blob(digest), "-C", root]);
  const script = `set -e
    mount --bind "$1/root" "$1/root"
    for folder in in trainer out; do mount --bind "$1/$folder" "$1/root/$folder"; done
    mount -t tmpfs tmpfs "$1/root/tmp"
    for folder in "" /in /trainer; do mount -o remount,bind,ro "$1/root$folder"; done
    exec env -i PATH="$PATH" HOME=/tmp PYTHONDONTWRITEBYTECODE=1 chroot --userspec=${USER}:${USER} "$1/root" /usr/bin/python3 /trainer/train.py`;
  return runCommand("unshare", ["--mount", "--net", "--pid", "--fork", "sh", "-c", script, "run", work]);
}

it("trains the example in its real image, between the jobs of its pod, and keeps the record of both", async () => {
  const { source, ...parts } = await loadWorkload("penguins");
  if (source.kind !== "python-package") throw new Error("penguins must come from a package");
  const workload = { ...parts, source };
  const { package: name, version, sha256 } = source;
  const archive = await sourceDistribution(silentProgress, { name, version, sha256 });
  const lock = await readFile(join(await workloadFolder("penguins"), "trainer/requirements.txt"), "utf8");
  const { image, store } = await trainerImage(lineProgress(), lock);
  const registry = registryClient({ url: server.url });
  await withScratch(async (work) => {
    await runCommand("tar", ["-xzf", archive, "-C", work]);
    const table = join(work, "features");
    await mkdir(table);
    const db = await openDuckDb({ threads: 2 });
    const csv = join(work, "palmerpenguins-0.1.6/palmerpenguins/data/penguins.csv");
    await db.run(`CREATE TABLE penguins AS FROM read_csv('${csv}', nullstr = 'NA')`);
    const dataset = `penguins/dataset@sha256:${"0".repeat(64)}`;
    await writeFeatureTable(db, stepDefinition("features", workload, "species"), dataset, table);
    db.close();
    const features = await pushArtifact(registry, {
      repository: artifactRepository("penguins", "features", "species"),
      kind: "features",
      directory: table,
      files: ["features.parquet", "features.json"],
    });
    const definition = await publishDefinition(registry, "train", workload, "species");
    const env = { SLIPWAY_REGISTRY: server.url, SLIPWAY_LIGHTGBM_LIBRARY: "none", SLIPWAY_REVISION: "test" };
    const flags = ["--definition", definition, "--features", features, "--work", work];

    expect((await runJob(["prepare-training", ...flags], env)).code).toBe(0);
    const out = join(work, "out");
    await mkdir(out);
    await chown(out, USER, USER);
    const pushed = server.manifests.size;
    const early = await runJob(["train", ...flags], env);
    expect(early.code).toBe(2); // nobody has trained yet
    expect(early.output).toContain("train.py: must write out/model.onnx, wrote none");
    expect(server.manifests.size).toBe(pushed); // nothing half-written is in the registry

    await runImage(image, store, work);
    const reference = `penguins/definition@${image.digest}`;
    const { code, result } = await runJob(["train", ...flags, "--image", reference], env);
    expect(code).toBe(0);
    const { training } = await readCandidate(registry, result!.artifact!);
    expect(training).toMatchObject({
      trainer: { name: "python", image: reference },
      params: { C: 1 },
      seed: 1,
    });
    expect(Object.keys(training.trainer.files!)).toContain("train.py");
    expect(training.parity.maxAbsoluteDifference).toBeLessThan(1e-5);

    const judge = await publishDefinition(registry, "evaluate", workload, "species");
    const judged = await runJob(["evaluate", "--definition", judge, "--candidate", result!.artifact!], env);
    expect(judged.code).toBe(0);
    expect(judged.output).toContain("passed");
  });
});
