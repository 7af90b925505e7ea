import { digestOf } from "../../runtime/artifacts/digest.ts";
import type { FakeRegistry } from "./fake-registry.ts";

export interface PackagedModel {
  workload: string;
  model: string;
  /** Changes with the version. @default 1 */
  content?: number;
  /** AUC on the test rows. @default 0.9 */
  auc?: number;
  /** Changes with the data set and the features. @default 1 */
  data?: number;
  /** Changes of the files, as a person who mixes them up makes them. */
  onnx?: unknown;
  card?: object;
  provenance?: object;
  evaluation?: object;
}

const METRICS = { rows: 10, prevalence: 0.2, logLoss: 0.3, brier: 0.1, calibrationError: 0.01 };

/** Puts a packaged model, its evaluation and its candidate into a fake registry, and returns the reference of the model. */
export function putModel(
  registry: Pick<FakeRegistry, "put">,
  { workload, model, content = 1, auc = 0.9, data = 1, ...changes }: PackagedModel,
  ...tags: string[]
): string {
  const file = { model, content };
  const onnx = digestOf(JSON.stringify(file));
  const own = (kind: string): string => `${workload}/${model}/${kind}`;
  const common = { schemaVersion: 1, workload };
  const gate = { verdict: "passed", checks: [], reason: "passed" };
  const metrics = { ...METRICS, auc };
  const dataset = registry.put(
    `${workload}/dataset`,
    "dataset",
    {
      "dataset.json": {
        ...common,
        tables: [],
        source: {
          package: "flights",
          version: `1.${data}`,
          digest: `sha256:${"a".repeat(64)}`,
          licence: "MIT",
        },
      },
    },
    `inputs-d${data}`,
  );
  const features = registry.put(
    own("features"),
    "features",
    {
      "features.json": {
        ...common,
        model,
        dataset,
        features: [{ name: "a", view: "request", kind: "numeric" }],
        label: "label",
        segments: [],
        views: [],
        rows: { train: data, test: 10 },
      },
    },
    `inputs-f${data}`,
  );
  const training = {
    ...common,
    model,
    trainer: { name: "lightgbm", version: "1" },
    features,
    params: {},
    seed: 1,
    codeRevision: "unknown",
    rows: 10,
    onnx,
    parity: { rows: 1, maxAbsoluteDifference: 0 },
  };
  const candidate = registry.put(
    own("candidate"),
    "candidate",
    { "model.onnx": file, "training.json": training },
    `inputs-c${content}`,
  );
  const judged = { ...common, model, candidate, onnx, features, metrics, segments: [], gate };
  const evaluation = registry.put(
    own("evaluation"),
    "evaluation",
    { "evaluation.json": { ...judged, ...changes.evaluation } },
    `inputs-e${content}`,
  );
  const lineage = { dataset, features, candidate, evaluation, codeRevision: "unknown" };
  return registry.put(
    own("model"),
    "model",
    {
      "model.onnx": changes.onnx ?? file,
      "model-card.json": {
        ...common,
        name: model,
        description: "",
        onnx,
        input: { name: "features", datatype: "FP32", shape: [-1, 1] },
        output: { name: "probability", datatype: "FP32", shape: [-1, 1] },
        features: [{ name: "a", view: "request", kind: "numeric" }],
        views: [],
        threshold: 0.5,
        metrics,
        gate,
        parity: { rows: 1, maxAbsoluteDifference: 0 },
        lineage,
        ...changes.card,
      },
      "provenance.json": {
        subject: [{ name: "model.onnx", digest: { sha256: onnx.replace("sha256:", "") } }],
        predicate: {
          buildDefinition: {
            resolvedDependencies: Object.entries({ dataset, features, candidate, evaluation }).map(
              ([name, reference]) => ({ name, uri: `oci:${reference}` }),
            ),
          },
        },
        ...changes.provenance,
      },
      "examples.json": { schemaVersion: 1, rows: [[1]], scores: [0.5] },
    },
    ...tags,
  );
}
