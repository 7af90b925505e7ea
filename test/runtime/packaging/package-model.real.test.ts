import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { definitionDigest, stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { evaluate } from "../../../runtime/evaluation/evaluate.ts";
import { toMatrix } from "../../../runtime/features/matrix.ts";
import { scoreOnnx } from "../../../runtime/onnx/score-onnx.ts";
import { MODEL_FILES, packageModel } from "../../../runtime/packaging/package-model.ts";
import { withScratch } from "../../../runtime/scratch.ts";
import { lightGbmTrainer } from "../../../runtime/training/lightgbm/lightgbm-trainer.ts";
import { checkParity } from "../../../runtime/training/parity.ts";
import { flightDelays } from "../support/flight-delays.ts";
import { lightGbmLibrary } from "../support/lightgbm-library.ts";
import { someReference, syntheticRows, twoMonths } from "../support/synthetic-rows.ts";

it("a packaged model carries its card, profile, provenance and examples, all of this model.onnx, the same bytes each time", async () => {
  const { train, test } = await syntheticRows();
  const { signal } = new AbortController();
  const trainer = lightGbmTrainer(await lightGbmLibrary());
  const trained = await trainer.train({ rows: train, params: twoMonths.trainer, threads: 2, signal });
  const { onnx } = trained;
  const scores = await scoreOnnx(onnx, toMatrix(test), 2);
  const parity = checkParity(trained.score(toMatrix(test)), scores);
  expect(parity).toBeLessThan(1e-6);
  const training = {
    schemaVersion: 1 as const,
    workload: "flight-delays",
    model: "pushback",
    trainer: { name: trainer.name, version: trainer.version },
    features: someReference("pushback/features"),
    params: trained.params,
    seed: 1,
    codeRevision: "unknown",
    rows: train.rows,
    onnx: digestOf(onnx),
    parity: { rows: test.rows, maxAbsoluteDifference: parity },
  };
  const rule = {
    checks: [
      { metric: "auc", min: 0.8 },
      { metric: "auc", min: 0.8, by: "origin", minRows: 500 },
    ],
  };
  const workload = { ...flightDelays, models: [{ ...twoMonths, gate: rule }] };
  const subject = {
    definitions: { evaluate: definitionDigest(stepDefinition("evaluate", workload, twoMonths.name)) },
    candidate: someReference("pushback/candidate"),
    onnx: training.onnx,
    features: training.features,
  };
  const definition = stepDefinition("evaluate", workload, twoMonths.name);
  const evaluation = evaluate(definition, test, scores, subject, { train });
  expect(evaluation).toMatchObject({
    ...subject,
    gate: { verdict: "passed", reason: "all 5 checks passed" },
  });
  const carriers = evaluation.segments.filter(({ column }) => column === "carrier");
  expect(carriers.map(({ value }) => value)).toEqual(["AA", "B6", "EV", "UA"]);

  const options = {
    definition: stepDefinition("package", workload, twoMonths.name),
    onnx,
    training,
    evaluation,
    evaluationReference: someReference("pushback/evaluation"),
    train,
    test,
    threads: 2,
  };
  await withScratch(async (scratch) => {
    const [first, second] = [join(scratch, "a"), join(scratch, "b")];
    await mkdir(first);
    await mkdir(second);
    const card = await packageModel({ ...options, directory: first });
    await packageModel({ ...options, directory: second });
    expect(card).toMatchObject({
      onnx: digestOf(onnx),
      input: { shape: [-1, 24] },
      output: { shape: [-1, 1] },
      parity: { rows: test.rows, maxAbsoluteDifference: parity },
      threshold: 0.5,
      baselines: [{ name: "share of positive training rows", metrics: { auc: 0.5 } }],
    });
    const missing = Object.fromEntries(
      card.features.map(({ name, missingInTraining }) => [name, missingInTraining]),
    );
    expect(missing).toMatchObject({ distance: false, wind_gust: true });
    for (const file of MODEL_FILES)
      expect(await readFile(join(first, file))).toEqual(await readFile(join(second, file)));
    const json = async (file: string): Promise<unknown> =>
      JSON.parse(await readFile(join(first, file), "utf8"));
    expect(await json("provenance.json")).toMatchObject({
      subject: [{ name: "model.onnx", digest: { sha256: digestOf(onnx).replace("sha256:", "") } }],
    });
    const examples = (await json("examples.json")) as { rows: number[][]; scores: number[] };
    expect(examples.rows).toHaveLength(1000);
    expect(examples.scores).toHaveLength(1000);
  });
});
