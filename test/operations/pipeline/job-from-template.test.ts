import type { V1CronJob } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { INPUTS_LABEL, inputsHash, jobFromTemplate } from "../../../operations/pipeline/job-from-template.ts";
import { trainTemplate } from "./fake-cluster-jobs.ts";

const FEATURES = ["--features", "a@sha256:1"];

describe("a Job of a template", () => {
  it("appends the arguments, is named after its inputs and marked as started by hand", () => {
    const job = jobFromTemplate(trainTemplate(), FEATURES, 2);
    const hash = inputsHash(trainTemplate(), FEATURES);
    expect(job.metadata).toEqual({
      name: `training-train-${hash.slice(0, 8)}-2`,
      labels: { app: "train", [INPUTS_LABEL]: hash },
      annotations: { kept: "yes", "cronjob.kubernetes.io/instantiate": "manual" },
    });
    expect(job.spec?.template.spec?.containers[0]?.args).toEqual(["train", ...FEATURES]);
    expect(job.spec?.backoffLimit).toBe(1);
  });

  it("leaves the template as it is", () => {
    const template = trainTemplate();
    jobFromTemplate(template, ["--more"], 1);
    expect(template).toEqual(trainTemplate());
  });

  it("needs a template with a container", () => {
    expect(() => jobFromTemplate({ metadata: { name: "empty" } }, [], 1)).toThrow(
      "CronJob empty has no container to run",
    );
  });
});

describe("the hash of the inputs", () => {
  const base = inputsHash(trainTemplate(), FEATURES);

  it.each<[string, V1CronJob, string[]]>([
    ["another argument", trainTemplate(), ["--features", "a@sha256:2"]],
    ["another image", trainTemplate({ image: "runtime@sha256:2" }), FEATURES],
    ["another template", trainTemplate({ name: "other-train" }), FEATURES],
  ])("changes with %s", (_, template, args) => {
    expect(inputsHash(template, args)).not.toBe(base);
  });

  it("stays the same for the same inputs, and fits a label and a tag", () => {
    expect(inputsHash(trainTemplate(), FEATURES)).toBe(base);
    expect(base).toMatch(/^[0-9a-f]{24}$/);
  });
});
