import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problems } from "../../../operations/status/problems.ts";
import { logMessage, serviceState } from "../../../operations/status/service-state.ts";
import { deployment, fakeCluster, servingPod, type FakeCluster } from "../fake-cluster.ts";

const digest = `sha256:${"a".repeat(64)}`;
const old = `sha256:${"b".repeat(64)}`;
const wanted = `w/pushback/model@${digest}`;
const before = `w/pushback/model@${old}`;
const DEPLOYMENT = "/apis/apps/v1/namespaces/production/deployments/pushback";
const PODS = "/api/v1/namespaces/production/pods";

let cluster: FakeCluster;
beforeEach(async () => {
  cluster = await fakeCluster();
});
afterEach(() => cluster.close());

async function state(
  answers: Record<string, object | number | string>,
): Promise<{ found: Awaited<ReturnType<typeof serviceState>>; problems: Problems }> {
  for (const [path, answer] of Object.entries(answers)) cluster.answers.set(path, answer);
  const problems = new Problems();
  const service = { name: "pushback", namespace: "production", digest };
  const found = await serviceState(cluster.kube, service, { problems, fix: "npm run up" });
  return { found, problems };
}
const pods = (...items: object[]): object => ({ kind: "PodList", items });

describe("serviceState", () => {
  it("is ready where every wanted replica serves the wanted version", async () => {
    const { found, problems } = await state({
      [DEPLOYMENT]: deployment(2),
      [PODS]: pods(servingPod(wanted), servingPod(wanted)),
    });
    expect(found).toEqual({
      answering: [digest],
      ready: true,
      readyReplicas: 2,
      wantedReplicas: 2,
      rollout: null,
    });
    expect(problems.list()).toEqual([]);
  });

  it("is not ready where one of two replicas is missing", async () => {
    const { found } = await state({ [DEPLOYMENT]: deployment(2), [PODS]: pods(servingPod(wanted)) });
    expect(found).toMatchObject({ ready: false, readyReplicas: 1, wantedReplicas: 2, rollout: "starts" });
  });

  it("names the version that answers, and why the new one does not come, with the last line of its log", async () => {
    const crashed = servingPod(wanted, { waiting: "CrashLoopBackOff" });
    const { found } = await state({
      [DEPLOYMENT]: deployment(1),
      [PODS]: pods(servingPod(before), crashed),
      [`${PODS}/pod-aaaa/log`]: '{"level":"error","error":"artifact: no such model in registry"}\n',
    });
    expect(found).toEqual({
      answering: [old],
      ready: false,
      readyReplicas: 1,
      wantedReplicas: 1,
      rollout:
        "rolls out sha256:aaaaaaaaaaaa, but fails: CrashLoopBackOff: artifact: no such model in registry",
    });
  });

  it("says that the Deployment is missing, and what brings it back", async () => {
    const { found, problems } = await state({ [PODS]: pods() });
    expect(found).toMatchObject({ ready: false, readyReplicas: 0, wantedReplicas: null });
    expect(problems.list()).toEqual([
      {
        about: "service production/pushback",
        reason: "its Deployment is missing: it was deleted by hand",
        fix: "npm run up",
      },
    ]);
  });

  it.each([403, 500])("turns a %i of the API server into a problem in its own words", async (status) => {
    const { found, problems } = await state({ [DEPLOYMENT]: status });
    expect(found.ready).toBe(false);
    expect(problems.list()).toEqual([
      {
        about: "service production/pushback",
        reason: `${status}: ${DEPLOYMENT} is refused with ${status}`,
        fix: "npm run up",
      },
    ]);
  });
});

it.each([
  ['{"level":"error","error":"no model","msg":"failed"}', "no model"],
  ['{"level":"info","message":"listening"}', "listening"],
  ["Segmentation fault", "Segmentation fault"],
  ["17", "17"],
])("takes the message out of the log line %j", (line, message) => {
  expect(logMessage(line)).toBe(message);
});
