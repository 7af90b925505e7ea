import type { V1Job } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { inputsHash, jobFromTemplate } from "../../../operations/pipeline/job-from-template.ts";
import { JobFailed } from "../../../operations/pipeline/job-failed.ts";
import { runJob } from "../../../operations/pipeline/run-job.ts";
import { end, fakeClusterJobs, trainTemplate, type Ending } from "./fake-cluster-jobs.ts";

const args = ["--features", "a@sha256:1"];
/** Lets a test that waits for ever come to its time limit. */
const pause = (): Promise<void> => new Promise((resume) => setImmediate(resume));
const request = { template: "training-train", args, pause };
const done: Ending = { result: { job: "train", summary: { rows: 5 } } };
const hash = inputsHash(trainTemplate(), args).slice(0, 8);

const failure = async (run: Promise<unknown>): Promise<JobFailed> => {
  const error: unknown = await run.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(JobFailed);
  return error as JobFailed;
};

describe("running a job", () => {
  it("creates one Job and returns what it left", async () => {
    const jobs = fakeClusterJobs(() => done);
    expect(await runJob(jobs, request)).toEqual({ job: "train", summary: { rows: 5 } });
    expect(jobs.created).toEqual([`training-train-${hash}-1`]);
  });

  it("waits for a Job with the same inputs that runs already, and starts no second one", async () => {
    const jobs = fakeClusterJobs(() => done);
    jobs.list.push(jobFromTemplate(trainTemplate(), args, 1));
    const states: string[] = [];
    await runJob(jobs, { ...request, onStatus: (state) => states.push(state) });
    expect(jobs.created).toEqual([]);
    expect(states[0]).toBe(`waiting for training-train-${hash}-1, which runs already`);
  });

  it("takes the result of a container that ended well before Kubernetes calls its Job complete", async () => {
    const jobs = fakeClusterJobs(() => done);
    const ending = jobFromTemplate(trainTemplate(), args, 1);
    end(jobs, ending, done);
    ending.status = { active: 1 };
    jobs.list.push(ending);
    expect((await runJob(jobs, { ...request, reuseFinished: true })).summary).toEqual({ rows: 5 });
    expect(jobs.created).toEqual([]);
    await runJob(jobs, request);
    expect(jobs.created).toEqual([`training-train-${hash}-2`]);
  });

  it("makes one Job for two who ask at once", async () => {
    const jobs = fakeClusterJobs(() => done);
    const results = await Promise.all([runJob(jobs, request), runJob(jobs, request)]);
    expect(results).toHaveLength(2);
    expect(jobs.created).toHaveLength(1);
  });

  it("does not wait for a Job with other inputs, nor for one that is being deleted", async () => {
    const jobs = fakeClusterJobs(() => done);
    const leaving: V1Job = jobFromTemplate(trainTemplate(), args, 1);
    leaving.metadata!.deletionTimestamp = new Date();
    jobs.list.push(jobFromTemplate(trainTemplate(), ["--features", "a@sha256:2"], 1), leaving);
    await runJob(jobs, request);
    expect(jobs.created).toEqual([`training-train-${hash}-2`]);
  });

  it("runs again after a failure, and takes a success only where it is asked to", async () => {
    const jobs = fakeClusterJobs(() => done);
    const failed = jobFromTemplate(trainTemplate(), args, 1);
    const succeeded = jobFromTemplate(trainTemplate(), args, 2);
    jobs.list.push(failed, succeeded);
    end(jobs, failed, { failure: { message: "no" } });
    end(jobs, succeeded, { result: { job: "train", summary: { rows: 7 } } });
    expect((await runJob(jobs, { ...request, reuseFinished: true })).summary).toEqual({ rows: 7 });
    expect(jobs.created).toEqual([]);
    expect((await runJob(jobs, request)).summary).toEqual({ rows: 5 });
    expect(jobs.created).toEqual([`training-train-${hash}-3`]);
  });

  it("runs again where the result of the Job that ended well is gone with its pod", async () => {
    const jobs = fakeClusterJobs(() => done);
    const succeeded = jobFromTemplate(trainTemplate(), args, 1);
    jobs.list.push(succeeded);
    end(jobs, succeeded, done);
    jobs.pods.clear();
    await runJob(jobs, { ...request, reuseFinished: true });
    expect(jobs.created).toEqual([`training-train-${hash}-2`]);
  });

  it("says that a Job was deleted while it was waited for", async () => {
    const jobs = fakeClusterJobs(() => done);
    jobs.read = () => Promise.resolve(undefined);
    expect((await failure(runJob(jobs, request))).message).toBe(
      `training-train: the Job training-train-${hash}-1 was deleted before it ended`,
    );
  });
});

const line = (entry: Record<string, unknown>): string => `${JSON.stringify(entry)}\n`;

describe("a failure", () => {
  const failWith = (ending: Partial<Extract<Ending, { failure: unknown }>>): Promise<JobFailed> =>
    failure(
      runJob(
        fakeClusterJobs(() => ({ failure: {}, ...ending })),
        request,
      ),
    );

  it("is told in the words of the job, without JSON and without Kubernetes", async () => {
    const error = await failWith({
      failure: {
        message:
          "Container runtime for pod platform/x failed with exit code 2 matching FailJob rule at index 1",
      },
      log:
        line({ level: "info", message: "validated" }) +
        line({
          level: "error",
          message: "car-loans: data breaks its rules: loans: id: must be BIGINT",
          code: "bad-input",
        }),
    });
    expect(error.message).toBe("car-loans: data breaks its rules: loans: id: must be BIGINT");
    expect(error.logCommand).toBe(`kubectl -n platform logs job/training-train-${hash}-1`);
  });

  it("keeps the result that a job left before it failed", async () => {
    const result = { job: "validate", summary: { passed: 3 } };
    expect((await failWith({ result })).result).toEqual(result);
  });

  it.each<[string, Partial<Extract<Ending, { failure: unknown }>>, string]>([
    [
      "a defect",
      { log: line({ level: "error", message: "x is undefined", code: "defect" }) },
      "unexpected error, please report it: x is undefined",
    ],
    ["a crash that logs no JSON", { log: "node: cannot execute\n" }, "node: cannot execute"],
    [
      "silence",
      { log: line({ level: "info", message: "start" }) },
      "train: it ended with exit code 1 and said nothing",
    ],
    [
      "too little memory",
      {
        pod: {
          containerStatuses: [{ state: { terminated: { reason: "OOMKilled", exitCode: 137 } } }] as never,
        },
      },
      "train: it needs more memory than it may use (2048Mi); raise memoryMib in the stack config, such as in slipway:training",
    ],
    [
      "its deadline while it waits for a node",
      {
        failure: { reason: "DeadlineExceeded" },
        pod: {
          phase: "Pending",
          containerStatuses: [],
          conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes: Insufficient cpu" }],
        },
      },
      "train: not done after 1800 s; it waits: pending: 0/1 nodes: Insufficient cpu",
    ],
  ])("by %s has a sentence of its own", async (_, ending, message) => {
    expect((await failWith(ending)).message).toBe(message);
  });
});
