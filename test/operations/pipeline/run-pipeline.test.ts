import type { V1Job } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentProgress } from "../../../local/progress.ts";
import type { JobTarget } from "../../../operations/pipeline/job-target.ts";
import {
  refuseFailed,
  runPipeline,
  type TrainingOutcome,
} from "../../../operations/pipeline/run-pipeline.ts";
import { stepArguments } from "../../../operations/pipeline/run-step.ts";
import { pushArtifactJson } from "../../../runtime/artifacts/push-artifact-json.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { definitionDigest } from "../../../runtime/contract/definition-digest.ts";
import { JOB_NAMES } from "../../../runtime/contract/job-template.ts";
import { PIPELINE, STEP_NAMES, type StepName } from "../../../runtime/contract/pipeline.ts";
import { flightDelays } from "../../../workloads/flight-delays/workload.ts";
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
        auc: 0.9,
        reference: artifacts.get(`${GOOD} package`),
      },
      { workload: "flight-delays", model: BAD, verdict: "refused", auc: 0.9, reason: "because" },
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
  it("are what its description says", () => {
    const inputs = {
      workload: "w",
      model: "m",
      definition: "d",
      artifacts: new Map([["ingest", "ref"]] as const),
    };
    expect(stepArguments("features", inputs)).toEqual(
      "--workload w --model m --definition d --dataset ref".split(" "),
    );
    expect(() => stepArguments("train", inputs)).toThrow("train: --features has no value");
  });
});

describe("the digest of a definition", () => {
  it("changes with the gate of its model alone, and not with a description", () => {
    const [first, second] = flightDelays.models as [
      (typeof flightDelays.models)[0],
      (typeof flightDelays.models)[0],
    ];
    const changed = { ...first, gate: { ...first.gate, minAuc: 0.999 } };
    const other = { ...flightDelays, description: "other", models: [changed, second] };
    expect(definitionDigest(other, GOOD)).not.toBe(definitionDigest(flightDelays, GOOD));
    expect(definitionDigest(other, BAD)).toBe(definitionDigest(flightDelays, BAD));
    expect(definitionDigest(other)).toBe(definitionDigest(flightDelays));
  });
});
