import { expect, test } from "vitest";
import { ARTIFACT_KINDS, artifactRepositoriesOf } from "../../../runtime/contract/artifact-kind.ts";
import { JOB_NAMES, JOB_TEMPLATES } from "../../../runtime/contract/job-template.ts";
import { LATEST, MOVING_TAGS, movingTagsOf } from "../../../runtime/contract/moving-tags.ts";
import { PIPELINE, STEP_NAMES, stepsBefore } from "../../../runtime/contract/pipeline.ts";
import { flightDelays } from "../support/flight-delays.ts";

test("the steps are listed in an order that every edge allows", () => {
  for (const [at, step] of STEP_NAMES.entries())
    for (const before of stepsBefore(step))
      expect(STEP_NAMES.indexOf(before), `${before} → ${step}`).toBeLessThan(at);
});

test("edges follow from the artifacts that a step takes, from its gate and from what it says itself", () => {
  expect(stepsBefore("fetch")).toEqual([]);
  expect(stepsBefore("ingest")).toEqual(["fetch"]);
  expect(stepsBefore("train")).toEqual(["features"]);
  expect(stepsBefore("package")).toEqual(["train", "evaluate", "materialize"]);
});

test("a step takes artifacts only of steps that make one, and of its own model or of the workload", () => {
  for (const step of STEP_NAMES)
    for (const taken of Object.values(PIPELINE[step].takes)) {
      const maker = PIPELINE[taken];
      expect(maker.makes, `${taken}, which ${step} takes`).toBeDefined();
      if (PIPELINE[step].per === "workload") expect(maker.per).toBe("workload");
    }
});

test("every artifact of a step may be tagged as the latest", () => {
  for (const { makes } of Object.values(PIPELINE))
    if (makes !== undefined) expect(MOVING_TAGS[makes]).toContain(LATEST);
});

test("every step has a template", () => {
  expect(Object.keys(JOB_TEMPLATES).sort()).toEqual([...JOB_NAMES].sort());
  expect(JOB_NAMES).toEqual(expect.arrayContaining([...STEP_NAMES]));
});

test.each([
  ["flight-delays/pushback/model", ["latest", "challenger", "champion"]],
  ["prefix/flight-delays/dataset", ["latest"]],
  ["flight-delays/source", ["latest"]],
  ["flight-delays/definition", []],
  ["slipway/runtime", []],
])("of %s the tags %j move", (repository, tags) => {
  expect(movingTagsOf(repository)).toEqual(tags);
});

test("a workload has repositories for all of its models, those included that no service names", () => {
  const repositories = artifactRepositoriesOf(flightDelays);
  const perModel = Object.keys(ARTIFACT_KINDS).length - 2;
  expect(repositories).toHaveLength(3 + flightDelays.models.length * perModel);
  expect(repositories).toContain("flight-delays/two-hours-before/candidate");
  expect(new Set(repositories).size).toBe(repositories.length);
});
