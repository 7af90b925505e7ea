import { afterEach, beforeEach, expect, it } from "vitest";
import { publishDefinition } from "../../../operations/pipeline/publish-definition.ts";
import { readStepDefinition } from "../../../runtime/artifacts/read-step-definition.ts";
import { registryClient, type RegistryClient } from "../../../runtime/artifacts/registry-client.ts";
import { PIPELINE, STEP_NAMES } from "../../../runtime/contract/pipeline.ts";
import { stepDefinition } from "../../../runtime/contract/step-definition.ts";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";
import { flightDelays } from "../support/flight-delays.ts";

let server: FakeRegistry;
let registry: RegistryClient;
beforeEach(async () => {
  server = await fakeRegistry();
  registry = registryClient({ url: server.url });
});
afterEach(() => server.close());

it.each(STEP_NAMES)(
  "gives the job %s what the checkout has, by the same reference each time",
  async (step) => {
    const model = PIPELINE[step].per === "model" ? "pushback" : undefined;
    const reference = await publishDefinition(registry, step, flightDelays, model);
    expect(await publishDefinition(registry, step, flightDelays, model)).toBe(reference);
    expect(reference).toMatch(
      model === undefined ? /^flight-delays\/definition@/ : /^flight-delays\/pushback\/definition@/,
    );
    expect(await readStepDefinition(registry, step, reference)).toEqual(
      stepDefinition(step, flightDelays, model),
    );
  },
);

it("refuses the definition of another step, of another model and of another workload", async () => {
  const train = await publishDefinition(registry, "train", flightDelays, "pushback");
  await expect(readStepDefinition(registry, "ingest", train)).rejects.toThrow("definition.json: source");
  const owner = { workload: "flight-delays", model: "two-hours-before" };
  await expect(readStepDefinition(registry, "train", train, owner)).rejects.toThrow(
    "train: --definition must be of flight-delays/two-hours-before, got that of flight-delays/pushback",
  );
  await expect(
    readStepDefinition(registry, "train", train, { workload: "loans", model: "pushback" }),
  ).rejects.toThrow("train: --definition must be of loans/pushback, got that of flight-delays/pushback");
});

it("holds no more than the step needs, and no text for people but in the package", () => {
  expect(Object.keys(stepDefinition("train", flightDelays, "pushback").model)).toEqual(["name", "trainer"]);
  expect(JSON.stringify(stepDefinition("features", flightDelays, "pushback"))).not.toContain("description");
  expect(stepDefinition("package", flightDelays, "pushback").featureDescriptions).toMatchObject({
    distance: "miles",
    wind_gust: "mph",
  });
});
