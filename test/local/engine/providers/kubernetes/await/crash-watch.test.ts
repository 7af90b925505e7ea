import { describe, expect, it } from "vitest";
import { CrashWatch } from "../../../../../../local/engine/providers/kubernetes/await/crash-watch.ts";
import type { ClusterReader } from "../../../../../../local/engine/providers/kubernetes/await/verdict.ts";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";

interface Run {
  id: string;
  log: string;
  exitCode?: number;
  reason?: string;
}

const workload = (kind: string): JsonObject => ({
  apiVersion: kind === "Job" ? "batch/v1" : "apps/v1",
  kind,
  metadata: { name: "web", namespace: "n" },
  spec: { selector: { matchLabels: { app: "web" } } },
});
const ended = ({ id, exitCode = 1, reason = "Error" }: Run): JsonObject => ({
  terminated: { containerID: id, exitCode, reason },
});

/** What the watch says after each of these looks at a pod: the run before, the run now. */
async function looks(
  moments: { before?: Run; now?: Run; ready?: boolean; pod?: string }[],
  kind = "ReplicaSet",
  list = "containerStatuses",
): Promise<(string | undefined)[]> {
  const watch = new CrashWatch();
  const said: (string | undefined)[] = [];
  for (const { before, now, ready = false, pod = "web-1" } of moments) {
    const status = {
      name: "app",
      lastState: before === undefined ? {} : ended(before),
      state: now === undefined ? { running: {} } : ended(now),
    };
    const conditions = [{ type: "Ready", status: ready ? "True" : "False" }];
    const found: JsonObject = {
      kind: "Pod",
      metadata: { name: pod, uid: pod },
      status: { [list]: [status], conditions },
    };
    const reader: ClusterReader = {
      get: async () => undefined,
      list: async (_apiVersion, kindName) => (kindName === "Pod" ? [found] : []),
      log: async (_namespace, _pod, _container, { previous }) => (previous ? before : now)?.log ?? "",
    };
    said.push(await watch.look(workload(kind), reader));
  }
  return said;
}

const first = { id: "c1", log: '{"time":1764460000,"msg":"no model sha256:00112233445566"}\n\n' };
const second = { id: "c2", log: '{"time":1764460010,"msg":"no model sha256:00112233445566"}\n' };

describe("a container that crashes", () => {
  it("is no reason to end the wait the first time, however often it is looked at", async () => {
    expect(await looks([{ now: first }, { before: first }, { before: first }])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is one the second time, with the last line of its log, though times and ids differ", async () => {
    const [, again] = await looks([{ now: first }, { before: second }]);
    expect(again).toBe(
      "pod web-1: container app crashed twice in the same way: it ended with exit code 1 (Error); " +
        'its log ends: {"time":1764460010,"msg":"no model sha256:00112233445566"}',
    );
    expect((await looks([{ before: first, now: second }]))[0]).toMatch(/crashed twice/);
  });

  it.each<[string, Run]>([
    ["another last line", { id: "c2", log: "the store does not answer" }],
    ["another exit code", { ...second, exitCode: 2 }],
    ["another reason", { ...second, reason: "OOMKilled", exitCode: 137 }],
  ])("goes on being waited for after %s", async (_what, other) => {
    expect(await looks([{ now: first }, { now: other }])).toEqual([undefined, undefined]);
  });

  it("for want of memory is the same whatever it said last", async () => {
    const killed = { exitCode: 137, reason: "OOMKilled" };
    const [, again] = await looks([
      { now: { id: "1", log: "a", ...killed } },
      { now: { id: "2", log: "b", ...killed } },
    ]);
    expect(again).toMatch(/signal|exit code 137 \(OOMKilled\)/);
  });

  it("counts apart from the same crash of another pod", async () => {
    expect(await looks([{ now: first }, { now: second, pod: "web-2" }])).toEqual([undefined, undefined]);
  });

  it("does not count once its pod is ready", async () => {
    expect(await looks([{ now: first }, { before: second, ready: true }])).toEqual([undefined, undefined]);
  });

  it("is a Job's own affair", async () => {
    expect(await looks([{ now: first }, { now: second }], "Job")).toEqual([undefined, undefined]);
  });

  it("may be an init container, which ends well where it ends with 0", async () => {
    const done = (run: Run): Run => ({ ...run, exitCode: 0, reason: "Completed" });
    const init = "initContainerStatuses";
    expect((await looks([{ now: first }, { now: second }], "ReplicaSet", init))[1]).toMatch(/crashed twice/);
    expect(await looks([{ now: done(first) }, { now: done(second) }], "ReplicaSet", init)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
