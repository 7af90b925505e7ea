import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { publishDefinition } from "../../../operations/pipeline/publish-definition.ts";
import { readArtifactJson } from "../../../runtime/artifacts/read-artifact-json.ts";
import { registryClient } from "../../../runtime/artifacts/registry-client.ts";
import { datasetManifestSchema } from "../../../runtime/contract/dataset-manifest.ts";
import type { StepResult } from "../../../runtime/contract/step-result.ts";
import { workloadSchema } from "../../../runtime/contract/workload.ts";
import { fakeRegistry, type FakeRegistry } from "../support/fake-registry.ts";
import { runJob } from "../support/run-job.ts";
import { ROOT, startMinio, type Minio } from "./support/minio.ts";

let minio: Minio;
let registry: FakeRegistry;
let secrets: string;
beforeAll(async () => {
  [minio, registry, secrets] = [
    await startMinio(),
    await fakeRegistry(),
    await mkdtemp(join(tmpdir(), "secrets-")),
  ];
  await minio.send("PUT", "/prices");
  await minio.send("PUT", "/prices/export/month=1/a.csv", "id,price\n1,2.5\n");
  await mkdir(join(secrets, "bucket"));
  await writeFile(join(secrets, "bucket/AWS_ACCESS_KEY_ID"), `${ROOT.accessKeyId}\n`);
  await writeFile(join(secrets, "bucket/AWS_SECRET_ACCESS_KEY"), `${ROOT.secretAccessKey}\n`);
}, 3_600_000); // the first run builds MinIO
afterAll(async () => {
  await minio.stop();
  await registry.close();
  await rm(secrets, { recursive: true });
});

it("a bucket becomes a data set by the jobs fetch and ingest, again only where an object has changed", async () => {
  const workload = workloadSchema.parse({
    name: "prices",
    source: {
      kind: "s3",
      bucket: "prices",
      prefix: "export",
      endpoint: minio.url,
      credentials: { secret: "bucket" },
    },
    tables: [{ name: "prices", files: "**/*.csv" }],
    views: [],
    models: [],
  });
  const { source, ...rest } = workload;
  if (source.kind !== "s3") throw new Error("the source is S3");
  const client = registryClient({ url: registry.url });
  const job = async (name: "fetch" | "ingest", ...args: string[]): Promise<StepResult> => {
    const definition = await publishDefinition(client, name, { ...rest, source });
    const env = { SLIPWAY_REGISTRY: registry.url, SLIPWAY_SOURCE_SECRETS: secrets };
    const { code, result, output } = await runJob([name, "--definition", definition, ...args], env);
    expect(output).not.toContain(ROOT.secretAccessKey);
    if (code !== 0 || result === undefined) throw new Error(output);
    return result;
  };
  const first = await job("fetch");
  expect(first.summary).toEqual({ objects: 1, unchanged: 0 });
  expect(await job("fetch")).toEqual({ ...first, summary: { objects: 1, unchanged: 1 } });
  await minio.send("PUT", "/prices/export/month=2/b.csv", "id,price\n2,3\n");
  const second = await job("fetch");
  expect(second.summary).toEqual({ objects: 2, unchanged: 1 });
  const { artifact = "", summary } = await job("ingest", "--source", second.artifact ?? "");
  expect(summary).toEqual({ prices: 2, partitions: 1, written: 1 });
  const dataset = await readArtifactJson(client, artifact, "dataset", "dataset.json", datasetManifestSchema);
  expect(dataset.source).toMatchObject({
    kind: "s3",
    bucket: "prices",
    prefix: "export",
    objects: [{ name: "month=1/a.csv" }, { name: "month=2/b.csv" }],
  });
  expect(JSON.stringify(dataset.source)).not.toContain("credentials");
  expect(dataset.tables[0]?.columns.map(({ name }) => name)).toEqual(["id", "price", "month"]);
});
