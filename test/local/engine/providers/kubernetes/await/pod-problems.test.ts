import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";
import { podProblems } from "../../../../../../local/engine/providers/kubernetes/await/pod-problems.ts";

function pod(status: JsonObject): JsonObject {
  return { metadata: { name: "web-1" }, status };
}
const container = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  name: "app",
  ready: false,
  state,
  ...more,
});

describe("what is wrong with a pod", () => {
  it("is nothing while it starts", () => {
    const starting = container({ waiting: { reason: "ContainerCreating" } });
    expect(podProblems(pod({ phase: "Pending", containerStatuses: [starting] }))).toEqual([]);
  });

  it("is an image that cannot be pulled, with the reason", () => {
    const waiting = { reason: "ImagePullBackOff", message: 'Back-off pulling image "x"' };
    expect(podProblems(pod({ phase: "Pending", containerStatuses: [container({ waiting })] }))).toEqual([
      { pod: "web-1", container: "app", reason: "ImagePullBackOff", message: 'Back-off pulling image "x"' },
    ]);
  });

  it("is a crash, with its last words and where its log is", () => {
    const lastState = { terminated: { exitCode: 3, reason: "Error", message: "no model\n" } };
    const crash = container(
      { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
      { lastState },
    );
    expect(podProblems(pod({ phase: "Running", containerStatuses: [crash] }))).toEqual([
      {
        pod: "web-1",
        container: "app",
        reason: "CrashLoopBackOff",
        message: "it ended with exit code 3 (Error): no model",
        log: "previous",
      },
    ]);
  });

  it("is a container that was killed for memory", () => {
    const dead = container({ terminated: { exitCode: 137, reason: "OOMKilled" } });
    expect(podProblems(pod({ phase: "Failed", containerStatuses: [dead] }))).toEqual([
      {
        pod: "web-1",
        container: "app",
        reason: "OOMKilled",
        message: "it ended with exit code 137 (OOMKilled)",
        log: "current",
      },
    ]);
  });

  it("is a probe that does not pass", () => {
    const running = container({ running: {} }, { restartCount: 0 });
    expect(podProblems(pod({ phase: "Running", containerStatuses: [running] }))[0]).toMatchObject({
      reason: "NotReady",
      log: "current",
    });
  });

  it("is that it fits nowhere, before anything else", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available" },
    ];
    expect(podProblems(pod({ phase: "Pending", conditions }))).toEqual([
      { pod: "web-1", reason: "Unschedulable", message: "0/1 nodes are available" },
    ]);
  });

  it("is an init container that failed", () => {
    const init = { name: "setup", state: { terminated: { exitCode: 1, reason: "Error" } } };
    expect(podProblems(pod({ phase: "Pending", initContainerStatuses: [init] }))[0]).toMatchObject({
      container: "setup",
    });
  });
});
