import type { V1CronJob } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { jobFrom } from "../../operations/kubernetes-job.ts";

const template: V1CronJob = {
  metadata: { name: "train", namespace: "platform" },
  spec: {
    schedule: "@yearly",
    suspend: true,
    jobTemplate: {
      metadata: { labels: { app: "train" }, annotations: { kept: "yes" } },
      spec: { backoffLimit: 1, template: { spec: { containers: [{ name: "runtime", args: ["train"] }] } } },
    },
  },
};

describe("jobFrom", () => {
  it("appends the arguments and marks the job as started by hand", () => {
    const job = jobFrom(template, ["--features", "a@sha256:1"]);
    expect(job.metadata).toEqual({
      generateName: "train-",
      labels: { app: "train" },
      annotations: { kept: "yes", "cronjob.kubernetes.io/instantiate": "manual" },
    });
    expect(job.spec?.template.spec?.containers[0]?.args).toEqual(["train", "--features", "a@sha256:1"]);
    expect(job.spec?.backoffLimit).toBe(1);
  });

  it("leaves the template as it is", () => {
    jobFrom(template, ["--more"]);
    expect(template.spec?.jobTemplate.spec?.template.spec?.containers[0]?.args).toEqual(["train"]);
  });

  it("refuses a template without a container", () => {
    expect(() => jobFrom({ metadata: { name: "empty" } }, [])).toThrow(
      "CronJob empty has no container to run",
    );
  });
});
