import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import { checkModel } from "../../../operations/models/check-model.ts";
import { findVersion } from "../../../operations/models/find-version.ts";
import { listModels, modelRepositories } from "../../../operations/models/list-models.ts";
import { readInventory, type InventoryItem } from "../../../operations/models/model-inventory.ts";
import { planPrune, planRemove } from "../../../operations/models/plan-removal.ts";
import { removeArtifacts } from "../../../operations/models/remove-artifacts.ts";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { EMPTY_CONFIG, manifestBytes } from "../../../runtime/artifacts/manifest.ts";
import { pullArtifact } from "../../../runtime/artifacts/pull-artifact.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { ArtifactKind } from "../../../runtime/contract/artifact-kind.ts";
import { localRegistry, type LocalRegistry } from "../../cli/mirror/local-registry.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";
import { putModel } from "../packaged-model.ts";

const MODEL = "flight-delays/pushback/model";

let folder: string;
let server: LocalRegistry;
let registry: RegistryClient;
/** References of an old version, of the one in production, of the newest, and of one of a workload that is gone. */
let old: string;
let champion: string;
let newest: string;
let gone: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "models-"));
  await start(true);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

async function start(deletes: boolean): Promise<void> {
  server = await localRegistry(join(folder, `registry-${deletes}`), false, deletes);
  registry = registryClient({ url: server.url, retries: 0 });
  const uploads: (() => Promise<void>)[] = [];
  const put = (
    repository: string,
    kind: ArtifactKind,
    files: Record<string, unknown>,
    ...tags: string[]
  ): string => {
    const contents = Object.entries(files).map(([name, value]) => ({
      name,
      bytes: Buffer.from(JSON.stringify(value)),
    }));
    const manifest = manifestBytes({
      kind,
      files: contents.map(({ name, bytes }) => ({ name, digest: digestOf(bytes), size: bytes.length })),
    });
    uploads.push(async () => {
      for (const { bytes } of contents) await registry.pushBlob(repository, digestOf(bytes), bytes);
      await registry.pushBlob(repository, EMPTY_CONFIG.digest, Buffer.from("{}"));
      await registry.putManifest(repository, digestOf(manifest), manifest);
      for (const tag of tags) await registry.putTag(repository, tag, digestOf(manifest));
    });
    return `${repository}@${digestOf(manifest)}`;
  };
  const common = { workload: "flight-delays", model: "pushback" };
  old = putModel({ put }, { ...common, content: 1, data: 1 }, "inputs-m1");
  const [tags, second] = [["inputs-m2", "champion", "challenger"], { ...common, content: 2, data: 2 }];
  champion = putModel({ put }, { ...second, auc: 0.91 }, ...tags);
  newest = putModel({ put }, { ...common, content: 3, data: 2, auc: 0.92 }, "inputs-m3", "latest");
  gone = putModel({ put }, { workload: "gone", model: "spam" }, "inputs-m4");
  for (const upload of uploads) await upload();
}

const inventory = async (): Promise<InventoryItem[]> =>
  readInventory(registry, await modelRepositories(registry));

async function remove(items: InventoryItem[]): Promise<void> {
  await removeArtifacts(registry, items, silentProgress);
  await server.collectGarbage();
}

/** Expects every file of a model, and of what it was made from, to be there and unchanged. */
async function expectWhole(reference: string): Promise<void> {
  expect(await checkModel(registry, reference, flightDelays)).toEqual({ faults: [], unnamed: [] });
  const item = (await inventory()).find((each) => each.reference === reference)!;
  for (const each of [reference, ...item.madeFrom])
    await pullArtifact(registry, each, join(folder, each.replaceAll(/\W/g, "-")));
}

it("lists the versions of every model in the registry, also of a workload that the checkout does not have", async () => {
  const used = new Map([[champion, ["production/pushback"]]]);
  expect(listModels(await inventory(), used)).toMatchObject([
    {
      workload: "flight-delays",
      model: "pushback",
      digest: champion.split("@")[1],
      tags: ["challenger", "champion"],
      usedBy: ["production/pushback"],
      metric: { name: "auc", value: 0.91 },
    },
    { digest: newest.split("@")[1], tags: ["latest"], usedBy: [] },
    { digest: old.split("@")[1], tags: [], usedBy: [] },
    { workload: "gone", model: "spam" },
  ]);
});

it("prune removes what nobody uses, and every kept model is whole after the garbage is collected", async () => {
  const { remove: items, bytes } = planPrune(await inventory(), new Map());
  expect(items.filter(({ kind }) => kind === "model").map(({ reference }) => reference)).toEqual([old, gone]);
  // The data of the old version goes with it; those of the champion, which the newest shares, stay.
  const datasets = items.filter(({ kind }) => kind === "dataset");
  expect(datasets.map(({ repository }) => repository)).toEqual(["flight-delays/dataset", "gone/dataset"]);
  expect(bytes).toBeGreaterThan(1000);
  await remove(items);
  expect(await registry.getManifest(MODEL, "inputs-m1")).toBeUndefined();
  const left = ["challenger", "champion", "inputs-m2", "inputs-m3", "latest"];
  expect(await registry.listTags(MODEL)).toEqual(left);
  await expectWhole(champion);
  await expectWhole(newest);
  expect(planPrune(await inventory(), new Map()).remove).toEqual([]);
});

it("prune keeps a version that a service serves", async () => {
  const used = new Map([[old, ["staging/pushback"]]]);
  await remove(planPrune(await inventory(), used).remove);
  await expectWhole(old);
});

it("remove takes one version, and of what it was made from only what no other model shares", async () => {
  const items = await inventory();
  const version = findVersion(items, `pushback@${newest.split("@")[1]!.slice(7, 19)}`);
  const plan = planRemove(items, version);
  expect(plan.remove.map(({ kind }) => kind).sort()).toEqual(["candidate", "evaluation", "model"]);
  await remove(plan.remove);
  await expectWhole(champion);
  await expectWhole(old);
  expect(() => findVersion(items, "pushbak@123456")).toThrow(/has no model pushbak; did you mean pushback\?/);
  expect(() => findVersion(items, "pushback@000000")).toThrow(
    /must name one version, got 0 \(versions: flight-delays\/pushback@/,
  );
});

it("says what to do where the registry does not delete", async () => {
  await server.close();
  await start(false);
  const { remove: items } = planPrune(await inventory(), new Map());
  await expect(removeArtifacts(registry, items, silentProgress)).rejects.toThrow(
    /deletes no manifest of .* by the API of registries \(405\): switch deletion on in the config of the registry/,
  );
});
