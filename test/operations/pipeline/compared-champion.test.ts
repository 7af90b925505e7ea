import { afterEach, beforeEach, expect, it } from "vitest";
import { comparedChampion } from "../../../operations/pipeline/compared-champion.ts";
import { refuseOtherChampion } from "../../../operations/refuse-other-champion.ts";
import { stepArguments } from "../../../operations/pipeline/run-step.ts";
import { pushArtifactJson } from "../../../runtime/artifacts/push-artifact-json.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { fakeRegistry, type FakeRegistry } from "../../runtime/support/fake-registry.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";

const MODEL = "pushback";
const candidate = (digit: string): string => `flight-delays/pushback/candidate@sha256:${digit.repeat(64)}`;
const compares = {
  ...flightDelays,
  models: flightDelays.models.map((model) => ({
    ...model,
    gate: { ...model.gate, notWorseThanChampion: { metric: "auc" } },
  })),
};

let server: FakeRegistry;
let registry: RegistryClient;
beforeEach(async () => {
  server = await fakeRegistry();
  registry = registryClient({ url: server.url });
});
afterEach(() => server.close());

/** Packages a version that was made from a candidate and judged against `champion`, and returns its reference. */
async function packaged(from: string, champion?: string): Promise<string> {
  const gate = { verdict: "passed", checks: [], reason: "all 1 checks passed" };
  const evaluation = await pushArtifactJson(
    registry,
    "evaluation.json",
    {
      schemaVersion: 1,
      workload: flightDelays.name,
      model: MODEL,
      candidate: from,
      features: "f",
      metrics: { auc: 0.9 },
      segments: [],
      gate,
      ...(champion === undefined ? {} : { champion: { reference: champion, comparisons: [] } }),
    },
    { repository: "flight-delays/pushback/evaluation", kind: "evaluation", tag: "latest" },
  );
  const card = {
    schemaVersion: 1,
    workload: flightDelays.name,
    name: MODEL,
    description: "",
    input: { name: "features", datatype: "FP32", shape: [-1, 1] },
    output: { name: "probability", datatype: "FP32", shape: [-1, 1] },
    features: [],
    views: [],
    threshold: 0.5,
    metrics: {},
    gate,
    parity: { rows: 1, maxAbsoluteDifference: 0 },
    lineage: { dataset: "d", features: "f", candidate: from, evaluation, codeRevision: "unknown" },
  };
  return pushArtifactJson(registry, "model-card.json", card, {
    repository: "flight-delays/pushback/model",
    kind: "model",
  });
}

async function promote(reference: string): Promise<void> {
  const [repository = "", digest = ""] = reference.split("@");
  await registry.putTag(repository, "champion", digest);
}
const compared = (from: string, workload = compares): Promise<string | undefined> =>
  comparedChampion(registry, workload, MODEL, from);

it("a gate compares with the champion only if it says so, and there is one", async () => {
  expect(await compared(candidate("1"))).toBeUndefined();
  const first = await packaged(candidate("1"));
  await promote(first);
  expect(await compared(candidate("2"))).toBe(first);
  expect(await compared(candidate("2"), flightDelays as typeof compares)).toBeUndefined();
});

it("a candidate that is in production is compared with what it was compared with then, so that nothing changes", async () => {
  const first = await packaged(candidate("1"));
  await promote(first);
  expect(await compared(candidate("1"))).toBeUndefined();
  await promote(await packaged(candidate("2"), first));
  expect(await compared(candidate("2"))).toBe(first);
  server.manifests.delete(first.split("@")[1]!);
  expect(await compared(candidate("2"))).toBeUndefined();
});

it("a version that was compared with another champion than that of now is not promoted", async () => {
  const refuse = (workload = compares): Promise<void> =>
    refuseOtherChampion(registry, workload, { model: MODEL });
  await refuse(); // never trained
  const first = await packaged(candidate("1"));
  await promote(first);
  await packaged(candidate("2"), first);
  await refuse();
  const third = await packaged(candidate("3"), first);
  await promote(third);
  await refuse(); // it is the champion itself
  await packaged(candidate("2"), first);
  await expect(refuse()).rejects.toThrow(
    `pushback must be compared with the champion of now, ${third}; it was compared with ${first}: npm run train -- --model pushback`,
  );
  await refuse(flightDelays as typeof compares);
});

it("the champion is an input of the step, so that another one judges again", () => {
  const inputs = {
    workload: "w",
    model: "m",
    definition: "d",
    artifacts: new Map([["train", "c"]] as const),
  };
  expect(stepArguments("evaluate", inputs)).toEqual("--definition d --candidate c".split(" "));
  expect(stepArguments("evaluate", { ...inputs, champion: "x" })).toEqual(
    "--definition d --candidate c --champion x".split(" "),
  );
});
