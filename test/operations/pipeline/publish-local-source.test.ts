import { expect, it } from "vitest";
import { trainModels } from "../../../operations/pipeline/candidates.ts";
import { publishLocalSource } from "../../../operations/pipeline/publish-local-source.ts";
import type { Platform } from "../../../operations/platform.ts";
import { JOB_NAMES } from "../../../runtime/contract/job-template.ts";
import { flightDelays } from "../../runtime/support/flight-delays.ts";
import { fakeJobCluster } from "../fake-job-cluster.ts";
import { outputsWith, recordedProgress } from "../fake-platform.ts";
import { fakeRegistry } from "../fake-registry.ts";
import { fakeRegistry as writableRegistry } from "../../runtime/support/fake-registry.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { findSource } from "../../../runtime/sources/source-artifact.ts";

it("lets a cluster that is not the local one fetch the source, and passes on why it cannot", async () => {
  const registry = await writableRegistry();
  const client = registryClient({ url: registry.url });
  const cluster = await fakeJobCluster(() => {
    throw new Error("no byte from the index");
  });
  const templates = Object.fromEntries(JOB_NAMES.map((job) => [job, job]));
  const platform = {
    plan: { local: false },
    kube: cluster.kube,
    registry: client,
    outputs: () => Promise.resolve(outputsWith([], { training: { namespace: "platform", templates } })),
  } as unknown as Platform;
  const progress = recordedProgress();
  const outcomes = await trainModels(platform, progress, flightDelays, ["pushback"]);
  expect(outcomes).toMatchObject([{ model: "pushback", verdict: "failed" }]);
  expect(cluster.ran).toEqual([expect.stringMatching(/^fetch --definition flight-delays\/definition@\S+$/)]);
  expect(progress.lines[0]).toBe("flight-delays: fetch the source");
  expect(await findSource(client, { workload: flightDelays.name, source: flightDelays.source })).toBeUndefined();
  await cluster.close();
  await registry.close();
});

it("downloads nothing for the local cluster where its registry has the source", async () => {
  const registry = await fakeRegistry();
  registry.put("flight-delays/source", "source", {}, `file-sha256-${flightDelays.source.sha256}`);
  const progress = recordedProgress();
  await publishLocalSource(registry.client, progress, flightDelays);
  expect(progress.lines).toEqual([]);
  await registry.close();
});
