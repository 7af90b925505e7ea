import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../../../local/engine/providers/kubernetes/json-object.ts";
import { explain, summarize } from "../../../../../../local/engine/providers/kubernetes/await/explain.ts";
import { failed, READY, waiting } from "../../../../../../local/engine/providers/kubernetes/await/verdict.ts";
import type {
  ClusterReader,
  Verdict,
} from "../../../../../../local/engine/providers/kubernetes/await/verdict.ts";
import { waitUntilGone } from "../../../../../../local/engine/providers/kubernetes/await/wait-until-gone.ts";
import { waitUntilReady } from "../../../../../../local/engine/providers/kubernetes/await/wait-until.ts";
import type { ProviderContext } from "../../../../../../local/engine/provider.ts";

const deployment: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "web",
    namespace: "n",
    uid: "d",
    annotations: { "deployment.kubernetes.io/revision": "2" },
  },
  spec: { selector: { matchLabels: { app: "web" } } },
};

function cluster(objects: JsonObject[], log = ""): ClusterReader {
  return {
    get: async () => undefined,
    list: async (_apiVersion, kind) => objects.filter((object) => object["kind"] === kind),
    log: async (_namespace, _pod, _container, { previous }) => (previous ? log : ""),
  };
}

function contextOf(said: string[], signal = new AbortController().signal): ProviderContext {
  return { urn: "u", type: "t", name: "n", signal, status: (text) => said.push(text), log: () => undefined };
}

const set = (name: string, revision: string): JsonObject => ({
  kind: "ReplicaSet",
  metadata: {
    name,
    annotations: { "deployment.kubernetes.io/revision": revision },
    labels: { "pod-template-hash": name },
  },
});
const pod = (name: string, hash: string): JsonObject => ({
  kind: "Pod",
  metadata: { name, namespace: "n", uid: name, labels: { "pod-template-hash": hash } },
  status: {
    phase: "Running",
    containerStatuses: [
      {
        name: "app",
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { exitCode: 1, reason: "Error" } },
      },
    ],
  },
});
const event = (kind: string, name: string, uid: string, message: string): JsonObject => ({
  kind: "Event",
  reason: "FailedCreate",
  message,
  lastTimestamp: "2026-01-01T00:00:00Z",
  involvedObject: { kind, name, uid },
});

describe("an explanation", () => {
  it("speaks of the pods of the newest template only, with the log of the run that crashed", async () => {
    const reader = cluster(
      [set("old", "1"), set("new", "2"), pod("web-old", "old"), pod("web-new", "new")],
      "one\n\ntwo\n",
    );
    expect(await explain(deployment, [], reader)).toEqual([
      "pod web-new: container app: CrashLoopBackOff: it ended with exit code 1 (Error); its log ends:\n    one\n    two",
    ]);
    expect(await summarize(deployment, reader)).toMatch(/^pod web-new: container app: CrashLoopBackOff/);
  });

  it("finds what a replica set was refused, once, and nothing of others", async () => {
    const refused = (random: string): string =>
      `Error creating: pods "web-${random}" is forbidden: exceeded quota`;
    const reader = cluster([
      event("ReplicaSet", "web-1", "r", refused("a")),
      event("ReplicaSet", "web-1", "r", refused("b")),
      event("ReplicaSet", "other-1", "o", "not ours"),
      event("Pod", "web-x", "unknown", "not ours either"),
    ]);
    expect(await explain(deployment, [], reader)).toEqual([
      "FailedCreate: pods are forbidden: exceeded quota",
    ]);
    expect(await explain(deployment, ["it says: pods are forbidden: exceeded quota"], reader)).toEqual([]);
  });

  it("takes the events of a pod that does not say what is wrong itself", async () => {
    const silent: JsonObject = {
      kind: "Pod",
      metadata: { name: "web-1", uid: "p" },
      status: { phase: "Pending" },
    };
    const reader = cluster([silent, event("Pod", "web-1", "p", "no sandbox")]);
    expect(await explain(deployment, [], reader)).toEqual(["pod web-1: FailedCreate: no sandbox"]);
  });

  it("counts what it does not show", async () => {
    const many = Array.from({ length: 6 }, (_, index) => pod(`web-${index}`, "x"));
    expect((await explain(deployment, [], cluster(many))).at(-1)).toBe("and 2 more");
  });
});

describe("waiting", () => {
  const run = (
    verdicts: Verdict[],
    said: string[],
    timeoutSeconds = 5,
    signal?: AbortSignal,
  ): ReturnType<typeof waitUntilReady> => {
    let looks = 0;
    return waitUntilReady(deployment, {
      judge: () => verdicts[Math.min(looks, verdicts.length - 1)] as Verdict,
      timeoutSeconds,
      look: async () => ({ ...deployment, looks: ++looks }),
      reader: cluster([]),
      context: contextOf(said, signal),
    });
  };

  it("ends when the object is ready, saying each thing once", async () => {
    const said: string[] = [];
    const result = await run([waiting("a"), waiting("a"), waiting("b"), READY], said);
    expect(result).toEqual({ live: { ...deployment, looks: 3 }, reasons: [] });
    expect(said).toEqual(["a", "b"]);
  });

  it("ends at once when waiting is of no use", async () => {
    expect((await run([failed("no")], [])).reasons).toEqual(["Deployment n/web: no"]);
  });

  it("ends when time is up, with what is missing and the fix", async () => {
    expect((await run([waiting("1 of 2 pods")], [], 0.2)).reasons[0]).toMatch(
      /^Deployment n\/web: not ready after 0\.2 s: 1 of 2 pods; raise it with customTimeouts/,
    );
  });

  it.each<[string, JsonObject, RegExp | undefined]>([
    ["running", { active: 1 }, undefined],
    ["complete", { conditions: [{ type: "Complete", status: "True" }] }, undefined],
    ["failing", { conditions: [{ type: "FailureTarget", status: "True" }] }, /it was deleted while/],
  ])("for a Job that removes itself ends by what was seen last: %s", async (_what, status, expected) => {
    const job: JsonObject = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "done", namespace: "n" },
      spec: { ttlSecondsAfterFinished: 0 },
      status,
    };
    const wait = (first: JsonObject): ReturnType<typeof waitUntilReady> =>
      waitUntilReady(first, {
        judge: () => waiting("not done"),
        timeoutSeconds: 5,
        look: async () => undefined,
        reader: cluster([]),
        context: contextOf([]),
      });
    const { reasons } = await wait(job);
    if (expected === undefined) expect(reasons).toEqual([]);
    else expect(reasons[0]).toMatch(expected);
    expect((await wait({ ...job, spec: {} })).reasons[0]).toMatch(/it was deleted while it was waited for/);
  });

  it("ends when the user interrupts", async () => {
    const signal = AbortSignal.timeout(50);
    expect((await run([waiting("a")], [], 5, signal)).reasons).toEqual(["Deployment n/web: interrupted: a"]);
  });

  it("for the end of an object ends when it is gone or another has its name, and says what holds it otherwise", async () => {
    const held: JsonObject = { kind: "Thing", metadata: { name: "a", uid: "1", finalizers: ["acme/hold"] } };
    const gone = (uid: string | undefined, look: () => JsonObject | undefined): Promise<void> =>
      waitUntilGone({ uid, timeoutSeconds: 0.1, look: async () => look(), context: contextOf([]) });
    await gone("1", () => undefined);
    await gone("2", () => held);
    await expect(gone("1", () => held)).rejects.toThrow(
      /Thing a: still there 0\.1 s after its deletion: held by its finalizers: acme\/hold/,
    );
  });
});
