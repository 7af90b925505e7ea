import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trainModels } from "../../../operations/pipeline/candidates.ts";
import { publishLocalSource } from "../../../operations/pipeline/publish-local-source.ts";
import type { Platform } from "../../../operations/platform.ts";
import { JOB_NAMES } from "../../../runtime/contract/job-template.ts";
import { workloadSchema } from "../../../runtime/contract/workload.ts";
import { content, fileServer } from "../../local/tools/file-server.ts";
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
  expect(
    await findSource(client, { workload: flightDelays.name, source: flightDelays.source }),
  ).toBeUndefined();
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

it("reads a remote source for the local cluster, with what lies on this machine, in the place of the job fetch", async () => {
  const [registry, server] = [await writableRegistry(), await fileServer()];
  const home = await mkdtemp(join(tmpdir(), "home-"));
  const before = process.env["SLIPWAY_HOME"];
  process.env["SLIPWAY_HOME"] = home;
  try {
    server.answers.set("/a.csv", content("id\n1\n"));
    const prices = workloadSchema.parse({
      name: "flight-delays",
      source: { kind: "http", urls: [`${server.url}/a.csv`] },
      tables: [{ name: "prices", files: "a.csv" }],
      views: [],
      models: [],
    });
    const cluster = await fakeJobCluster(() => {
      throw new Error("ingest ends here");
    });
    const templates = Object.fromEntries(JOB_NAMES.map((job) => [job, job]));
    const platform = {
      plan: { local: true },
      kube: cluster.kube,
      registry: registryClient({ url: registry.url }),
      outputs: () => Promise.resolve(outputsWith([], { training: { namespace: "platform", templates } })),
    } as unknown as Platform;
    const progress = recordedProgress();
    await trainModels(platform, progress, prices, ["cheap"]);
    expect(progress.lines[0]).toBe("flight-delays: read the source (http)");
    expect(cluster.ran).toEqual([
      expect.stringMatching(
        /^ingest --definition flight-delays\/definition@\S+ --source flight-delays\/source@sha256:[0-9a-f]{64}$/,
      ),
    ]);
    await cluster.close();
    const source = {
      kind: "http" as const,
      urls: [`${server.url}/a.csv`],
      credentials: { secret: "prices" },
    };
    await expect(publishLocalSource(platform.registry, progress, { ...prices, source })).rejects.toThrow(
      `must name a Secret with entries, got prices, which has none in ${home}/source-secrets/prices`,
    );
  } finally {
    if (before === undefined) delete process.env["SLIPWAY_HOME"];
    else process.env["SLIPWAY_HOME"] = before;
    await rm(home, { recursive: true });
    await server.close();
    await registry.close();
  }
});
