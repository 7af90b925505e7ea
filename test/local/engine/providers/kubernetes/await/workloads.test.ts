import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";
import * as workloads from "../../../../../../local/engine/providers/kubernetes/await/workloads.ts";

const condition = (type: string, status: string, reason = "", message = ""): JsonObject => ({
  type,
  status,
  reason,
  message,
});
const available = [
  condition("Available", "True"),
  condition("Progressing", "True", "NewReplicaSetAvailable"),
];

function deployment(spec: JsonObject, status: JsonObject): JsonObject {
  return { metadata: { generation: 2 }, spec, status: { observedGeneration: 2, ...status } };
}

describe("a Deployment", () => {
  const full = {
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    conditions: available,
  };

  it.each<[string, JsonObject, JsonObject, RegExp | "ready"]>([
    ["all pods are available", { replicas: 3 }, full, "ready"],
    [
      "its newest spec was not seen",
      { replicas: 3 },
      { ...full, observedGeneration: 1 },
      /not seen this version/,
    ],
    ["pods are missing", { replicas: 3 }, { ...full, updatedReplicas: 1 }, /1 of 3 pods created/],
    [
      "old pods still run",
      { replicas: 3 },
      { ...full, replicas: 5 },
      /0 pods not available, 2 old ones still to stop/,
    ],
    ["pods are not available", { replicas: 3 }, { ...full, availableReplicas: 2 }, /2 of 3 pods available/],
    ["it is scaled to nothing", { replicas: 0 }, {}, "ready"],
    ["it is paused", { replicas: 3, paused: true }, { replicas: 0 }, "ready"],
    [
      "it has one replica by default",
      {},
      { ...full, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      "ready",
    ],
    [
      "its pods are refused",
      { replicas: 1 },
      { conditions: [condition("ReplicaFailure", "True", "FailedCreate", "violates PodSecurity")] },
      /pods are refused: violates PodSecurity/,
    ],
  ])("when %s", (_what, spec, status, expected) => {
    const verdict = workloads.judgeDeployment(deployment(spec, status));
    if (expected === "ready") expect(verdict).toEqual({ state: "ready" });
    else expect(verdict).toEqual({ state: "waiting", message: expect.stringMatching(expected) as string });
  });

  it("fails once its progress deadline has passed", () => {
    const late = {
      availableReplicas: 1,
      conditions: [condition("Progressing", "False", "ProgressDeadlineExceeded")],
    };
    expect(workloads.judgeDeployment(deployment({ replicas: 2, progressDeadlineSeconds: 30 }, late))).toEqual(
      {
        state: "failed",
        reasons: ["it made no progress within 30 s: 1 of 2 pods are available"],
      },
    );
  });
});

describe("a Deployment whose last rollout was given up", () => {
  const late = (since: string, status: JsonObject = {}): JsonObject =>
    deployment(
      { replicas: 2 },
      {
        ...status,
        conditions: [
          { ...condition("Progressing", "False", "ProgressDeadlineExceeded"), lastUpdateTime: since },
          condition("Available", "True"),
        ],
      },
    );

  it("is waited for while that is all that its condition says", () => {
    const first = late("10:00");
    expect(workloads.judgeDeployment(first, first).state).toBe("waiting");
    expect(workloads.judgeDeployment(late("10:00", { updatedReplicas: 1 }), first).state).toBe("waiting");
    const done = { replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
    expect(workloads.judgeDeployment(late("10:00", done), first).state).toBe("ready");
  });

  it("fails where it is given up once more", () => {
    expect(workloads.judgeDeployment(late("10:30"), late("10:00")).state).toBe("failed");
    expect(workloads.judgeDeployment(late("10:30"), deployment({ replicas: 2 }, {})).state).toBe("failed");
  });
});

describe("a StatefulSet", () => {
  const status = {
    replicas: 2,
    readyReplicas: 2,
    updatedReplicas: 2,
    updateRevision: "b",
    currentRevision: "b",
  };
  const rolling = (partition: number): JsonObject => ({
    type: "RollingUpdate",
    rollingUpdate: { partition },
  });

  it.each<[string, JsonObject, JsonObject, string]>([
    ["every pod is ready and current", {}, {}, "ready"],
    ["one is not ready", {}, { readyReplicas: 1 }, "waiting"],
    ["one is of the old revision", {}, { updatedReplicas: 1 }, "waiting"],
    ["the revision is not current yet", {}, { currentRevision: "a" }, "waiting"],
    [
      "a partition holds pods back",
      { updateStrategy: rolling(1) },
      { updatedReplicas: 1, currentRevision: "a" },
      "ready",
    ],
    [
      "pods are only replaced on delete",
      { updateStrategy: { type: "OnDelete" } },
      { updatedReplicas: 0 },
      "ready",
    ],
    ["surplus pods still stop", {}, { replicas: 3 }, "waiting"],
  ])("when %s", (_what, spec, change, state) => {
    expect(
      workloads.judgeStatefulSet(deployment({ replicas: 2, ...spec }, { ...status, ...change })).state,
    ).toBe(state);
  });
});

describe("a DaemonSet", () => {
  it.each<[string, JsonObject, string]>([
    [
      "runs everywhere",
      { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
      "ready",
    ],
    ["is wanted nowhere", { desiredNumberScheduled: 0 }, "ready"],
    [
      "is being updated",
      { desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 },
      "waiting",
    ],
    [
      "is not available everywhere",
      { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
      "waiting",
    ],
  ])("that %s", (_what, status, state) => {
    expect(workloads.judgeDaemonSet(deployment({}, status)).state).toBe(state);
  });
});

describe("a Job", () => {
  const job = (...conditions: JsonObject[]): JsonObject => ({ status: { active: 1, failed: 2, conditions } });

  it("waits with its counts, is ready when complete or suspended, and fails with its reason", () => {
    expect(workloads.judgeJob(job())).toEqual({
      state: "waiting",
      message: "0 of 1 pods done, 1 active, 2 failed",
    });
    expect(workloads.judgeJob(job(condition("Complete", "True"))).state).toBe("ready");
    expect(workloads.judgeJob(job(condition("Suspended", "True"))).state).toBe("ready");
    expect(workloads.judgeJob(job(condition("Failed", "True", "BackoffLimitExceeded", "too often")))).toEqual(
      {
        state: "failed",
        reasons: ["the job failed: too often"],
      },
    );
  });
});

describe("a Pod", () => {
  it.each<[JsonObject, string]>([
    [{ phase: "Succeeded" }, "ready"],
    [{ phase: "Failed", reason: "Evicted" }, "failed"],
    [{ phase: "Running", conditions: [condition("Ready", "True")] }, "ready"],
    [{ phase: "Running", conditions: [condition("Ready", "False")] }, "waiting"],
    [{ phase: "Pending" }, "waiting"],
    [{}, "waiting"],
  ])("with status %j is %s", (status, state) => {
    expect(workloads.judgePod({ status }).state).toBe(state);
  });
});
