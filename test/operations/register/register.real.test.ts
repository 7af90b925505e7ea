import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import { runPipeline, type TrainingOutcome } from "../../../operations/pipeline/run-pipeline.ts";
import { findImportedModel } from "../../../operations/register/find-imported-model.ts";
import { readModelFile } from "../../../operations/register/read-model-file.ts";
import { registerModel } from "../../../operations/register/register-model.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { workloadSchema } from "../../../runtime/contract/workload.ts";
import { publishSource } from "../../../runtime/sources/source-artifact.ts";
import { loadModel } from "../../../runtime/serving/load-model.ts";
import { localRegistry, type LocalRegistry } from "../../cli/mirror/local-registry.ts";
import { processJobs, type ProcessJobs } from "../pipeline/process-jobs.ts";
import { LOANS, loansWorkload } from "./loans-workload.ts";

const FIXTURES = join(import.meta.dirname, "../../runtime/onnx/fixtures");

let folder: string;
let server: LocalRegistry;
let registry: RegistryClient;
let workload: Awaited<ReturnType<typeof loansWorkload>>;
let target: ProcessJobs;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "register-"));
  server = await localRegistry(join(folder, "registry"), false);
  registry = registryClient({ url: server.url });
  workload = await loansWorkload(join(folder, "loans"));
  await publishSource(registry, join(folder, "loans"), { workload: workload.name, source: workload.source });
  target = processJobs(registry, server.url);
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const judge = (models: readonly string[], changed = workload): Promise<TrainingOutcome[]> =>
  runPipeline(target, silentProgress, { workload: changed, models });

async function register(model: string, onnx: string, examples?: string): Promise<string> {
  const imported = await findImportedModel({ model }, [workloadSchema.parse(LOANS)]);
  const file = await readModelFile({ onnx: join(FIXTURES, onnx), examples }, imported);
  return registerModel(registry, imported, file);
}

it("without a registered file says what to run, and trains nothing", async () => {
  expect(await judge(["repaid"])).toEqual([
    {
      workload: "loans",
      model: "repaid",
      verdict: "failed",
      reason:
        'repaid: its trainer is "import", and no file is registered: npm run register -- --model repaid --onnx FILE',
    },
  ]);
});

it("a scikit-learn export is judged on the test rows, packaged and served with the scores of its library", async () => {
  const { rows, purposes, columns } = JSON.parse(await readFile(join(FIXTURES, "expected.json"), "utf8")) as {
    rows: number[][];
    purposes: string[];
    columns: number[];
  };
  const examples = join(folder, "examples.csv");
  const lines = rows.map((row, i) => [...row, purposes[i], columns[i]].join(","));
  await writeFile(examples, `amount,age,purpose,probability\n${lines.join("\n")}\n`);
  const registered = await register("repaid-by-column", "skl-columns.onnx", examples);
  const [outcome] = await judge(["repaid-by-column"]);
  if (outcome?.verdict !== "passed") throw new Error(JSON.stringify(outcome));
  expect(outcome.metric.value).toBeGreaterThan(0.9);
  expect(target.ran.map(([job]) => job)).not.toContain("train");

  const model = await loadModel({ registry, reference: outcome.reference, directory: join(folder, "model") });
  try {
    const values = rows.flatMap((row, i) => [...row, ["car", "house", "other"].indexOf(purposes[i]!)]);
    const scores = await model.scorer.score(Float32Array.from(values), rows.length);
    scores.forEach((score, i) => expect(score).toBeCloseTo(columns[i]!, 5));
    const { card } = model;
    expect(card.parity.rows).toBe(rows.length);
    expect(card.lineage.candidate).not.toBe(registered);
    const candidate = card.lineage.candidate.split("@")[0];
    expect(candidate).toBe("loans/repaid-by-column/candidate");
    const provenance = JSON.parse(await readFile(join(folder, "model/provenance.json"), "utf8")) as object;
    expect(JSON.stringify(provenance)).toContain("skl2onnx");
    expect(JSON.stringify(provenance)).toContain("skl-columns.onnx");
  } finally {
    await model.scorer.close();
  }
});

it("a gate that it does not pass refuses it, and the same file passes again", async () => {
  await register("repaid", "skl-zipmap.onnx");
  const strict = {
    ...workload,
    models: workload.models.map((each) => ({ ...each, gate: { checks: [{ metric: "auc", min: 0.9999 }] } })),
  };
  expect(await judge(["repaid"], strict)).toMatchObject([
    { verdict: "refused", reason: expect.stringMatching(/auc must be at least 0.9999, got/) as string },
  ]);
  expect(await judge(["repaid"])).toMatchObject([{ verdict: "passed" }]);
});

it("a changed definition asks for a file that fits it", async () => {
  const request = workload.models[0]!.request.toReversed();
  const other = {
    ...workload,
    models: workload.models.map((each) => (each.name === "repaid" ? { ...each, request } : each)),
  };
  expect(await judge(["repaid"], other)).toMatchObject([
    {
      verdict: "failed",
      reason: expect.stringContaining(
        "the registered file takes amount, age, and the definition has age, amount now",
      ) as string,
    },
  ]);
});
