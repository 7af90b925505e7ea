import type { V1Job } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import type { JobTarget } from "../../../operations/pipeline/job-target.ts";
import {
  refuseFailed,
  runPipeline,
  type TrainingOutcome,
} from "../../../operations/pipeline/run-pipeline.ts";
import { changedParts } from "../../../operations/pipeline/changed-parts.ts";
import { stepArguments } from "../../../operations/pipeline/run-step.ts";
import { pushArtifactJson } from "../../../runtime/artifacts/push-artifact-json.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import type { ModelDefinition } from "../../../runtime/contract/model-definition.ts";
import { definitionDigest, stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { JOB_NAMES } from "../../../runtime/contract/job-template.ts";
import { PIPELINE, STEP_NAMES, type StepName } from "../../../runtime/contract/pipeline.ts";
import { flightDelays, pushbackRows, pushbackTrainer } from "../../runtime/support/flight-delays.ts";
import { fakeRegistry, type FakeRegistry } from "../../runtime/support/fake-registry.ts";
import { fakeClusterJobs, trainTemplate, type Ending, type FakeClusterJobs } from "./fake-cluster-jobs.ts";

const MODELS = ["pushback", "two-hours-before"];
const [GOOD, BAD] = MODELS as [string, string];

let server: FakeRegistry;
let jobs: FakeClusterJobs;
let target: JobTarget;
/** Step and model whose Job fails. */
let failing: string | undefined;
/** What each step made, by model or workload. */
let artifacts: Map<string, string>;

beforeEach(async () => {
  server = await fakeRegistry();
  const registry = registryClient({ url: server.url });
  failing = undefined;
  artifacts = new Map();
  for (const owner of [flightDelays.name, ...MODELS])
    for (const step of STEP_NAMES) {
      const { makes } = PIPELINE[step];
      if (makes === undefined) continue;
      const content = makes === "evaluation" ? evaluation(owner) : { owner, step };
      const repository =
        owner === flightDelays.name ? `${owner}/${makes}` : `${flightDelays.name}/${owner}/${makes}`;
      artifacts.set(
        `${owner} ${step}`,
        await pushArtifactJson(registry, `${makes}.json`, content, { repository, kind: makes }),
      );
    }
  const templates = JOB_NAMES.map((job) => trainTemplate({ name: `training-${job}`, job }));
  jobs = fakeClusterJobs(endOf, templates);
  target = {
    jobs,
    registry,
    templates: Object.fromEntries(JOB_NAMES.map((job) => [job, `training-${job}`])),
  };
});
afterEach(() => server.close());

function evaluation(model: string): unknown {
  return {
    schemaVersion: 1,
    workload: flightDelays.name,
    model,
    candidate: "c",
    features: "f",
    metrics: { rows: 5, prevalence: 0.2, auc: 0.9, logLoss: 0.1, brier: 0.1, calibrationError: 0.1 },
    calibration: [],
    confusion: { threshold: 0.5, truePositive: 1, falsePositive: 1, trueNegative: 1, falseNegative: 1 },
    segments: [],
    gate: { verdict: model === BAD ? "refused" : "passed", checks: [], reason: "because" },
  };
}

/** The step and the owner of a Job: an argument names a model, or an artifact of one. */
function ownerOf(job: V1Job): { step: StepName; owner: string } {
  const args = job.spec!.template.spec!.containers[0]!.args!;
  const text = args.join(" ");
  const owner =
    MODELS.find((model) => text.includes(` ${model} `) || text.includes(`/${model}/`)) ?? flightDelays.name;
  return { step: args[0] as StepName, owner };
}

function endOf(job: V1Job): Ending {
  const { step, owner } = ownerOf(job);
  if (`${owner} ${step}` === failing)
    return { failure: {}, log: JSON.stringify({ level: "error", message: `${step} broke` }) };
  const artifact = artifacts.get(`${owner} ${step}`);
  return { result: { job: step, summary: {}, ...(artifact === undefined ? {} : { artifact }) } };
}

const run = (again = false): Promise<TrainingOutcome[]> =>
  runPipeline(target, silentProgress, { workload: flightDelays, models: MODELS, again });
const ran = (): string[] => jobs.list.map(ownerOf).map(({ step, owner }) => `${owner} ${step}`);

describe("a run of the pipeline", () => {
  it("runs each step once, for the workload or for each model, and packages only what passed its gate", async () => {
    expect(await run()).toEqual([
      {
        workload: "flight-delays",
        model: GOOD,
        verdict: "passed",
        metric: { name: "auc", value: 0.9 },
        reference: artifacts.get(`${GOOD} package`),
      },
      {
        workload: "flight-delays",
        model: BAD,
        verdict: "refused",
        metric: { name: "auc", value: 0.9 },
        reason: "because",
      },
    ]);
    expect(ran()).toEqual([
      "flight-delays fetch",
      "flight-delays ingest",
      "flight-delays materialize",
      ...["features", "train", "evaluate", "package"].map((step) => `${GOOD} ${step}`),
      ...["features", "train", "evaluate"].map((step) => `${BAD} ${step}`),
    ]);
  });

  it("takes what was made of the same inputs again, though the Jobs are gone, unless it is told not to", async () => {
    await run();
    jobs.list.length = 0;
    expect(await run()).toHaveLength(2);
    expect(ran()).toEqual(["flight-delays materialize"]);
    jobs.list.length = 0;
    await run(true);
    expect(ran()).toHaveLength(10);
  });

  it("runs a step again whose artifact was removed, though the cluster still keeps its Job", async () => {
    await run();
    const removed = artifacts.get(`${GOOD} train`)!.split("@")[1]!;
    const bytes = server.manifests.get(removed)!;
    for (const [key, value] of server.manifests)
      if (value === bytes || key === removed) server.manifests.delete(key);
    const inner = jobs.create.bind(jobs);
    const created: string[] = [];
    jobs.create = async (job) => {
      created.push(ownerOf(job).step);
      // The step makes its artifact again.
      if (ownerOf(job).step === "train") server.manifests.set(removed, bytes);
      return inner(job);
    };
    expect(await run()).toMatchObject([{ verdict: "passed" }, { verdict: "refused" }]);
    expect(created).toEqual(["materialize", "train"]);
  });

  it("fetches a remote source every time, and runs the later steps only if its artifact is another", async () => {
    const source = { kind: "http" as const, urls: ["https://example.com/a.csv"] };
    const request = { workload: { ...flightDelays, source }, models: MODELS };
    await runPipeline(target, silentProgress, request);
    jobs.list.length = 0;
    await runPipeline(target, silentProgress, request);
    expect(ran()).toEqual(["flight-delays fetch", "flight-delays materialize"]);
    jobs.list.length = 0;
    const read = await pushArtifactJson(
      target.registry,
      "source.json",
      { other: true },
      { repository: "flight-delays/source", kind: "source" },
    );
    await runPipeline(target, silentProgress, { ...request, source: read });
    expect(ran().slice(0, 2)).toEqual(["flight-delays ingest", "flight-delays materialize"]);
  });

  it("joins the Jobs of a run whose caller died", async () => {
    const endless = { ...jobs, read: () => new Promise<never>(() => undefined) };
    void runPipeline({ ...target, jobs: endless }, silentProgress, {
      workload: flightDelays,
      models: MODELS,
    });
    await expect.poll(() => jobs.list.length).toBe(1);
    await run();
    expect(ran().filter((name) => name === "flight-delays fetch")).toHaveLength(1);
  });

  it("trains the other models where one fails, and says which failed and why", async () => {
    failing = `${GOOD} train`;
    const outcomes = await run();
    expect(outcomes).toEqual([
      { workload: "flight-delays", model: GOOD, verdict: "failed", reason: "train broke" },
      expect.objectContaining({ model: BAD, verdict: "refused" }),
    ]);
    expect(() => refuseFailed(outcomes)).toThrow("not trained: pushback; the reasons are above");
  });

  it("stops where a step of the workload fails", async () => {
    failing = "flight-delays ingest";
    await expect(run()).rejects.toThrow("ingest broke");
    expect(ran()).toEqual(["flight-delays fetch", "flight-delays ingest"]);
  });
});

describe("the arguments of a step", () => {
  it("are its part of the definition and the artifacts that it takes", () => {
    const inputs = {
      workload: "w",
      model: "m",
      definition: "d",
      artifacts: new Map([["ingest", "ref"]] as const),
    };
    expect(stepArguments("features", inputs)).toEqual("--definition d --dataset ref".split(" "));
    expect(() => stepArguments("train", inputs)).toThrow("train: --features has no value");
  });
});

describe("a change of a definition", () => {
  const changed = (changes: Partial<ModelDefinition>): typeof flightDelays => ({
    ...flightDelays,
    models: flightDelays.models.map((model) => (model.name === GOOD ? { ...model, ...changes } : model)),
  });
  const again = async (workload: typeof flightDelays): Promise<string[]> => {
    await run();
    jobs.list.length = 0;
    await runPipeline(target, silentProgress, { workload, models: MODELS });
    return ran().filter((step) => step !== "flight-delays materialize");
  };

  it.each<[string, Partial<ModelDefinition>, string[]]>([
    [
      "of the gate judges the model again, and trains none",
      { gate: { checks: [{ metric: "auc", min: 0.5 }] } },
      ["evaluate"],
    ],
    ["of the trainer trains the model again", { trainer: { ...pushbackTrainer, trees: 7 } }, ["train"]],
    ["of the description packages the model again", { description: "other" }, ["package"]],
    ["of the rows computes its features again", { rows: `${pushbackRows} AND true` }, ["features"]],
  ])("%s", async (_, changes, steps) => {
    // The Jobs of this test make the same artifact from any definition, so that the steps after it have the inputs of before.
    expect(await again(changed(changes))).toEqual(steps.map((step) => `${GOOD} ${step}`));
  });

  it("of a text that describes a feature trains no model", async () => {
    const [first] = flightDelays.models;
    const request = first!.request.map((column) => ({ ...column, description: "other" }));
    expect(await again(changed({ request }))).toEqual([`${GOOD} package`]);
  });

  it("is named by its part, for a model that was made before it", () => {
    const digests = Object.fromEntries(
      (["features", "train", "evaluate"] as const).map((step) => [
        step,
        definitionDigest(stepDefinition(step, flightDelays, GOOD)),
      ]),
    );
    expect(changedParts(flightDelays, GOOD, digests)).toEqual([]);
    expect(changedParts(changed({ gate: { checks: [{ metric: "auc", min: 0.5 }] } }), GOOD, digests)).toEqual(
      ["its gate"],
    );
    expect(changedParts(changed({ rows: "SELECT 1" }), GOOD, digests)).toEqual(["its rows or features"]);
    expect(changedParts(changed({ rows: "SELECT 1" }), GOOD, undefined)).toEqual([]);
  });
});
