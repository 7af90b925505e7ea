import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { pushArtifact } from "../../../runtime/artifacts/push-artifact.ts";
import { pushArtifactJson } from "../../../runtime/artifacts/push-artifact-json.ts";
import { readArtifactJson } from "../../../runtime/artifacts/read-artifact-json.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { evaluationSchema, type Evaluation } from "../../../runtime/contract/evaluation.ts";
import { modelCardSchema } from "../../../runtime/contract/model-card.ts";
import { modelDefinitionSchema, type ModelInput } from "../../../runtime/contract/model-definition.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { writeFeatureTable } from "../../../runtime/features/feature-table.ts";
import { readFeatureTable, type FeatureRows } from "../../../runtime/features/read-feature-table.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { lightGbmTrainer } from "../../../runtime/training/lightgbm/lightgbm-trainer.ts";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";
import { lightGbmLibrary } from "../support/lightgbm-library.ts";
import { runJob } from "../support/run-job.ts";

/** Loans that are repaid the more likely, the greater the income and the smaller the amount. */
const LOANS = `CREATE TABLE loans AS
  SELECT i AS id, (i * 7919) % 1000 AS income, (i * 104729) % 1000 AS amount,
    ((i * 7919) % 1000 - (i * 104729) % 1000 + (i * 15485863) % 1200 - 600 > 0)::INTEGER AS repaid
  FROM range(6000) t(i)`;
const REFERENCE = `w/dataset@sha256:${"0".repeat(64)}`;
const trainer = {
  kind: "lightgbm" as const,
  trees: 80,
  leaves: 7,
  learningRate: 0.1,
  minDataInLeaf: 10,
  categoricalSplits: false,
  seed: 1,
};
const BASE: ModelInput = {
  name: "m",
  request: [
    { name: "income", kind: "numeric" },
    { name: "amount", kind: "numeric" },
  ],
  views: [],
  rows: { table: "loans", key: ["id"], label: "repaid" },
  trainer,
  gate: { checks: [{ metric: "auc", min: 0.5 }], notWorseThanChampion: { metric: "auc" } },
};

let server: FakeRegistry;
let registry: RegistryClient;
let library: string;
beforeAll(async () => {
  library = await lightGbmLibrary();
  server = await fakeRegistry();
  registry = registryClient({ url: server.url });
}, 300_000);
afterAll(() => server.close());

interface Made {
  definition: string;
  candidate: string;
  train: FeatureRows;
}

/** Makes features and a candidate as the jobs do, and pushes them. */
function candidateOf(changes: Partial<ModelInput>, params = trainer): Promise<Made> {
  const model = modelDefinitionSchema.parse({ ...BASE, trainer: params, ...changes });
  return withScratch(async (scratch) => {
    const [table, folder] = [join(scratch, "features"), join(scratch, "candidate")];
    await Promise.all([mkdir(table), mkdir(folder)]);
    const db = await openDuckDb({ threads: 2 });
    try {
      await db.run(LOANS);
      await writeFeatureTable(db, { schemaVersion: 1, workload: "w", views: [], model }, REFERENCE, table);
      const train = await readFeatureTable(db, table, { split: "train", labelled: true });
      const { signal } = new AbortController();
      const { onnx } = await lightGbmTrainer(library).train({
        rows: train,
        params,
        threads: 2,
        signal,
      });
      const features = await pushArtifact(registry, {
        repository: "w/m/features",
        kind: "features",
        directory: table,
        files: ["features.json", "features.parquet"],
      });
      const training = {
        schemaVersion: 1,
        workload: "w",
        model: "m",
        trainer: { name: "lightgbm", version: "1" },
        features,
        params: {},
        seed: 1,
        codeRevision: "unknown",
        rows: train.rows,
        onnx: digestOf(onnx),
        parity: { rows: 1, maxAbsoluteDifference: 0 },
      };
      await writeFile(join(folder, "model.onnx"), onnx);
      await writeFile(join(folder, "training.json"), JSON.stringify(training));
      const candidate = await pushArtifact(registry, {
        repository: "w/m/candidate",
        kind: "candidate",
        directory: folder,
        files: ["model.onnx", "training.json"],
      });
      const own = { schemaVersion: 1, workload: "w", model, featureDescriptions: {} };
      const definition = await pushArtifactJson(registry, "definition.json", own, {
        repository: "w/m/definition",
        kind: "definition",
      });
      return { definition, candidate, train };
    } finally {
      db.close();
    }
  });
}

async function job(args: string[]): Promise<string> {
  const { code, result, output } = await runJob(args, { SLIPWAY_REGISTRY: server.url });
  expect(code, output).toBe(0);
  return result!.artifact!;
}

async function judged({ definition, candidate }: Made, champion?: string): Promise<[string, Evaluation]> {
  const flags = ["--definition", definition, "--candidate", candidate];
  const more = champion === undefined ? [] : ["--champion", champion];
  const artifact = await job(["evaluate", ...flags, ...more]);
  return [
    artifact,
    await readArtifactJson(registry, artifact, "evaluation", "evaluation.json", evaluationSchema),
  ];
}

describe("the job evaluate", () => {
  it("compares with baselines and with the champion's own model.onnx on the same rows", async () => {
    const made = await candidateOf({ threshold: { recall: 0.9 } });
    const [reference, first] = await judged(made);
    expect(first.gate).toMatchObject({
      verdict: "passed",
      reason: "all 3 checks passed; there is no champion to compare with",
    });
    expect(first.baselines).toMatchObject([{ metrics: { auc: 0.5 } }]);
    expect(first.threshold!.rows.chosenOn + first.threshold!.rows.judgedOn).toBe(first.metrics["rows"]);
    expect(Math.abs(first.threshold!.rows.chosenOn - first.metrics["rows"]! / 2)).toBeLessThan(80);
    expect(first.metrics["recall"]).toBeCloseTo(0.9, 1);

    const flags = ["--definition", made.definition, "--candidate", made.candidate, "--evaluation", reference];
    const champion = await job(["package", ...flags]);
    const card = await readArtifactJson(registry, champion, "model", "model-card.json", modelCardSchema);
    expect(card.threshold).toBe(first.threshold!.value);
    expect(card.baselines).toEqual(first.baselines!.map(({ name, metrics }) => ({ name, metrics })));

    const [again, same] = await judged(made, champion);
    expect(same.champion).toMatchObject({
      reference: champion,
      metrics: { auc: first.metrics["auc"] },
      comparisons: [{ gain: 0, lower: 0 }],
    });
    expect(same.gate.verdict).toBe("passed");
    expect((await judged(made, champion))[0]).toBe(again);

    // Its features are in another order than those of the champion.
    const weak = { ...trainer, trees: 1, leaves: 2 };
    const reversed = await candidateOf({ request: BASE.request.toReversed() }, weak);
    const [, worse] = await judged(reversed, champion);
    expect(worse.champion!.metrics!["auc"]).toBe(first.metrics["auc"]);
    expect(worse.gate.reason).toMatch(
      /^auc against the champion must not be worse than 0\.\d+, got 0\.\d+ \(worse/,
    );

    const [, other] = await judged(await candidateOf({ request: BASE.request.slice(0, 1) }), champion);
    expect(other.gate.reason).toContain(
      "the champion is not comparable: its feature amount is not in the feature table of this model",
    );
  }, 120_000);
});
