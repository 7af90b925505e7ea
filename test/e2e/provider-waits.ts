import { expect, it } from "vitest";
import type { PropertyMap } from "../../local/engine/values/property-value.ts";
import {
  namespace,
  messages,
  check,
  create,
  diff,
  update,
  refresh,
  remove,
  live,
  failureOf,
  CONFIG_MAP,
  DEPLOYMENT,
  restricted,
  confined,
  deployment,
} from "./provider-harness.ts";

/** Tests of waiting. `dnsImage` returns the image of CoreDNS, the one that every such cluster has. */
export function providerWaits(dnsImage: () => string): void {
  it("says which container cannot get its image, keeps the state, and deletes what it left", async () => {
    const failure = await failureOf(
      create(DEPLOYMENT, "no-image", deployment("no-image", { image: "127.0.0.1:1/none:v0" })),
    );
    expect(failure.id).toBe(`${namespace}/no-image`);
    expect(failure.outputs).toMatchObject({
      kind: "Deployment",
      metadata: { uid: expect.any(String) as string },
    });
    expect(failure.reasons[0]).toMatch(/Deployment .*\/no-image: not ready after 8 s: 0 of 1 pods available/);
    expect(failure.reasons.join("\n")).toMatch(
      /pod no-image-\S+: container app: (ErrImagePull|ImagePullBackOff): .*127\.0\.0\.1:1\/none/,
    );
    expect(messages.join("\n")).toMatch(/0 of 1 pods available; pod no-image-/);
    await remove({
      type: DEPLOYMENT,
      name: "no-image",
      id: failure.id,
      inputs: {},
      outputs: failure.outputs,
    });
  });

  it("says what Pod Security objects to", async () => {
    const loose = deployment("loose", { image: "x" }, { hostNetwork: true }, 3);
    const failure = await failureOf(create(DEPLOYMENT, "loose", loose));
    expect(failure.reasons.join("\n")).toMatch(/violates PodSecurity "restricted:latest": host namespaces/);
  });

  it("says what no node can give", async () => {
    const nowhere = deployment("nowhere", { image: "x" }, { nodeSelector: { no: "node" } }, 4);
    const failure = await failureOf(create(DEPLOYMENT, "nowhere", nowhere));
    expect(failure.reasons.join("\n")).toMatch(/pod nowhere-\S+: Unschedulable: 0\/\d+ nodes are available/);
  });

  it("says what exceeds the quota", async () => {
    const quota = await create("kubernetes:core/v1:ResourceQuota", "quota", {
      metadata: { name: "quota", namespace },
      spec: { hard: { "requests.cpu": "100m" } },
    });
    const resources = { requests: { cpu: "2" } };
    const failure = await failureOf(
      create(DEPLOYMENT, "greedy", deployment("greedy", { image: "x", resources }, {}, 3)),
    );
    expect(failure.reasons.join("\n")).toMatch(/exceeded quota: quota, requested: requests\.cpu=2/);
    await remove(quota);
  });

  it("waits for a Deployment and the Service before it, and rolls a change out without waiting for nothing", async () => {
    const serving = (grace: number): PropertyMap =>
      deployment(
        "web",
        { image: dnsImage(), args: ["-dns.port", "1053"], readinessProbe: { tcpSocket: { port: 1053 } } },
        { terminationGracePeriodSeconds: grace },
        60,
      );
    const spec = { selector: { app: "web" }, ports: [{ port: 53, targetPort: 1053 }] };
    const front = create("kubernetes:core/v1:Service", "web", { metadata: { name: "web", namespace }, spec });
    const made = await create(DEPLOYMENT, "web", serving(1));
    expect(made.outputs["status"]).toMatchObject({ availableReplicas: 1 });
    expect((await front).outputs["spec"]).toMatchObject({
      clusterIP: expect.stringMatching(/^\d+\./) as string,
    });
    const updated = await update(made, serving(2));
    expect(updated.outputs["status"]).toMatchObject({
      observedGeneration: 2,
      updatedReplicas: 1,
      replicas: 1,
    });
    await remove(await front);
    await remove(updated);
    const pods = await live(`/api/v1/namespaces/${namespace}/pods?labelSelector=app%3Dweb`);
    expect(pods["items"]).toEqual([]);
  });

  it("ends the wait at the second crash of a kind, with the end of the log", async () => {
    const readinessProbe = { tcpSocket: { port: 1053 } }; // without one a slow crash is ready for a moment
    const container = { image: dnsImage(), args: ["-conf", "/nowhere"], readinessProbe };
    const crashing = deployment("crash", container, {}, 300);
    const begun = Date.now();
    const failure = await failureOf(create(DEPLOYMENT, "crash", crashing));
    const reasons = failure.reasons.join("\n");
    expect(Date.now() - begun).toBeLessThan(60_000);
    expect(reasons).toMatch(
      /pod crash-\S+: container app crashed twice in the same way: it ended with exit code 1 \(Error\); its log ends: /,
    );
    expect(messages.join("\n")).toMatch(/0 of 1 pods available; pod crash-\S+: .*its log ends: /);
    expect(reasons).toMatch(
      /pod crash-\S+: container app: (CrashLoopBackOff|Error|NotReady): .*exit code 1 \(Error\)/,
    );
    expect(reasons).toMatch(/its log ends:\n(.*\n)* {4}.*\/nowhere: no such file/);
    await remove({ type: DEPLOYMENT, name: "crash", id: failure.id, inputs: {}, outputs: failure.outputs });
  });

  it("waits for pods that start now, although the rollout before was given up", async () => {
    const wanted = (label: string, seconds: number): PropertyMap => {
      const envFrom = [{ configMapRef: { name: "late" } }];
      const made = deployment(
        "late",
        { image: dnsImage(), args: ["-dns.port", "1053"], envFrom },
        {},
        seconds,
      );
      const metadata = { ...(made["metadata"] as PropertyMap), labels: { label } };
      return { metadata, spec: { ...(made["spec"] as PropertyMap), progressDeadlineSeconds: 3 } };
    };
    const failure = await failureOf(create(DEPLOYMENT, "late", wanted("1", 30)));
    expect(failure.reasons.join("\n")).toMatch(/it made no progress within 3 s/);
    expect(failure.reasons.join("\n")).toMatch(/configmap "late" not found/);
    const config = await create(CONFIG_MAP, "late", {
      metadata: { name: "late", namespace },
      data: { A: "1" },
    });
    const inputs = await check(DEPLOYMENT, "late", wanted("1", 30));
    const given = { type: DEPLOYMENT, name: "late", id: failure.id, inputs, outputs: failure.outputs };
    const recovered = await update(given, wanted("2", 90));
    expect(recovered.outputs["status"]).toMatchObject({ availableReplicas: 1 });
    await remove(recovered);
    await remove(config);
  });

  it("waits for a Job to complete, and fails with its pod's log when it does", async () => {
    const type = "kubernetes:batch/v1:Job";
    const job = (name: string, args: string[]): PropertyMap => ({
      metadata: { name, namespace, annotations: { "pulumi.com/timeoutSeconds": "60" } },
      spec: {
        backoffLimit: 0,
        template: {
          spec: {
            restartPolicy: "Never",
            securityContext: restricted,
            containers: [{ name: "app", image: dnsImage(), args, securityContext: confined }],
          },
        },
      },
    });
    const done = await create(type, "done", job("done", ["-version"]));
    expect(done.outputs["status"]).toMatchObject({ succeeded: 1 });
    const rerun = await diff(done, job("done", ["-plugins"]));
    expect(rerun).toMatchObject({
      replaces: ["spec.template.spec.containers[0].args[0]"],
      deleteBeforeReplace: true,
    });
    const brief = job("brief", ["-version"]);
    const ended = await create(type, "brief", {
      ...brief,
      spec: { ...(brief["spec"] as PropertyMap), ttlSecondsAfterFinished: 0 },
    });
    const path = `/apis/batch/v1/namespaces/${namespace}/jobs/brief`;
    await expect
      .poll(
        () =>
          live(path).then(
            () => "there",
            () => "gone",
          ),
        { timeout: 20_000 },
      )
      .toBe("gone");
    expect((await refresh(ended)).inputs).toEqual(ended.inputs);
    expect(messages.at(-1)).toMatch(/it finished and removed itself .* is not run again/);
    const failure = await failureOf(create(type, "fails", job("fails", ["-conf", "/nowhere"])));
    const reasons = failure.reasons.join("\n");
    expect(reasons).toMatch(/Job .*\/fails: the job failed: Job has reached the specified backoff limit/);
    expect(reasons).toMatch(/pod fails-\S+: container app: Error: it ended with exit code 1/);
    expect(reasons).toContain("open /nowhere: no such file");
  });
}
