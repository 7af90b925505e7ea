import { createServer } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manifestBytes, manifestFiles, manifestSchema } from "../../../runtime/artifacts/manifest.ts";
import { digestOf } from "../../../runtime/artifacts/digest.ts";
import { driftReportSchema } from "../../../runtime/contract/drift-report.ts";
import { featureTableManifestSchema } from "../../../runtime/contract/feature.ts";
import { METRIC } from "../../../runtime/contract/metric.ts";
import { predictionStream } from "../../../runtime/contract/prediction-log.ts";
import { validationReportSchema } from "../../../runtime/contract/validation-report.ts";
import { openDuckDb } from "../../../runtime/duckdb.ts";
import { fakeRegistry } from "../support/fake-registry.ts";
import type { FakeRegistry } from "../support/fake-registry.ts";
import { redisProcess } from "../support/redis-process.ts";
import type { RedisProcess } from "../support/redis-process.ts";
import { runJob } from "../support/run-job.ts";
import { serveProcess } from "../support/serve-process.ts";
import type { ServeProcess } from "../support/serve-process.ts";
import { json, tinyArtifact, tinyCard, tinyProfile } from "./tiny-model.ts";

/** A model's life after packaging, each job as its own process: served, validated, replayed through, watched for drift. */
let registry: FakeRegistry;
let redis: RedisProcess;
let served: ServeProcess;
let reference: string;
let env: Record<string, string>;
const pushed: { method: string; url: string; body: string }[] = [];
const pushgateway = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk: Buffer) => (body += chunk.toString()));
  request.on("end", () => {
    pushed.push({ method: request.method ?? "", url: request.url ?? "", body });
    response.end();
  });
});

beforeAll(async () => {
  registry = await fakeRegistry();
  redis = await redisProcess();
  await new Promise<void>((resolve) => pushgateway.listen(0, "127.0.0.1", resolve));
  const artifact = await tinyArtifact();
  reference = artifact.reference;
  put("model", artifact.manifest, artifact.blobs);
  env = {
    SLIPWAY_REGISTRY: registry.url,
    SLIPWAY_MODEL: reference,
    SLIPWAY_ENVIRONMENT: "staging",
    SLIPWAY_SERVICE: "tiny",
    SLIPWAY_FEATURE_STORE_URL: redis.url,
    SLIPWAY_FEATURE_STORE_PASSWORD: redis.password,
    SLIPWAY_PUSHGATEWAY_URL: `http://127.0.0.1:${(pushgateway.address() as AddressInfo).port}`,
    SLIPWAY_DRAIN_SECONDS: "0",
  };
  served = await serveProcess(env);
});
afterAll(async () => {
  served.child.kill("SIGTERM");
  await served.ended;
  await redis.close();
  await registry.close();
  pushgateway.close();
});

function put(_kind: string, manifest: Buffer, blobs: ReadonlyMap<string, Uint8Array>): void {
  registry.manifests.set(digestOf(manifest), manifest);
  for (const [digest, bytes] of blobs) registry.blobs.set(digest, bytes);
}

/** The one JSON file of an artifact in the registry. */
function fileOf(artifact: string | undefined): unknown {
  const manifest = registry.manifests.get(artifact?.split("@")[1] ?? "");
  const [file] = manifestFiles(manifestSchema.parse(JSON.parse(Buffer.from(manifest ?? []).toString())));
  return JSON.parse(Buffer.from(registry.blobs.get(file?.digest ?? "") ?? []).toString());
}

/**
 * Empties the prediction log once nothing is written to it any more: it is written a moment after the answers. The counts of
 * predictions do not tell the moment, because of a burst only a sample is logged.
 */
async function emptyLog(): Promise<void> {
  const written = async (): Promise<number> => {
    const text = await (await fetch(`${served.metricsUrl}/metrics`)).text();
    const total = (name: string): number =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, "gm"))].reduce(
        (sum, [, value]) => sum + Number(value),
        0,
      );
    return total(METRIC.predictionsLogged) + total(METRIC.predictionsLost);
  };
  let last = -1;
  const stands = async (): Promise<boolean> => last === (last = await written());
  await expect.poll(stands, { timeout: 60_000, interval: 2000 }).toBe(true);
  await redis.client.flushall();
}

/** 3000 rows of September that are distributed as the profile says, and 3000 of December whose delays are greater. */
async function featureTable(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "features-"));
  const path = join(directory, "features.parquet");
  const db = await openDuckDb({ threads: 1 });
  const pick = (salt: number, bounds: [number, string][], last: string): string => {
    const u = `((hash(i * 10 + ${salt}) % 10000) / 10000.0)`;
    return `(CASE ${bounds.map(([bound, value]) => `WHEN ${u} < ${bound} THEN ${value}`).join(" ")} ELSE ${last} END)::FLOAT`;
  };
  await db.run(`COPY (SELECT 'row-' || i AS row_key, (CASE WHEN i < 3000 THEN TIMESTAMP '2013-09-01' ELSE TIMESTAMP '2013-12-01' END) + INTERVAL 1 MINUTE * i AS predict_at,
    'test' AS split, NULL::TINYINT AS label,
    ${pick(
      0,
      [
        [0.5, "0"],
        [0.8, "1"],
      ],
      "2",
    )} AS carrier,
    CASE WHEN i < 3000 THEN ${pick(
      1,
      [
        [0.5, "-1"],
        [0.75, "5"],
      ],
      "20",
    )} ELSE ${pick(
      1,
      [
        [0.2, "-1"],
        [0.4, "5"],
      ],
      "20",
    )} END AS dep_delay,
    ${pick(
      2,
      [
        [0.4, "0"],
        [0.9, "50"],
      ],
      "NULL",
    )} AS temp, ${pick(
      3,
      [
        [0.8, "5"],
        [0.9, "30"],
      ],
      "NULL",
    )} AS wind,
    50::FLOAT AS seats, 'JFK' AS entity_origin, 'N1' AS entity_tailnum
    FROM range(6000) t(i)) TO '${path}' (FORMAT parquet)`);
  db.close();
  const manifest = featureTableManifestSchema.parse({
    schemaVersion: 1,
    workload: "flight-delays",
    model: "tiny",
    dataset: "d",
    features: tinyCard.features,
    label: "label",
    segments: [],
    views: tinyCard.views,
    rows: { train: 0, test: 6000 },
  });
  const contents = new Map([
    ["features.json", json(manifest)],
    ["features.parquet", await readFile(path)],
  ]);
  await rm(directory, { recursive: true });
  const files = [...contents].map(([name, bytes]) => ({ name, digest: digestOf(bytes), size: bytes.length }));
  const bytes = manifestBytes({ kind: "features", files });
  put("features", bytes, new Map([...contents.values()].map((content) => [digestOf(content), content])));
  return `flight-delays/tiny/features@${digestOf(bytes)}`;
}

test("validate passes a service that is right, and leaves the report", async () => {
  const { code, result, output } = await runJob(
    [
      ...["validate", "--model", reference, "--url", served.url, "--max-p99-ms", "2000", "--min-rps", "5"],
      ...["--capacity-seconds", "0.3"],
    ],
    env,
  );
  expect(output).not.toContain('"passed":false');
  expect(code).toBe(0);
  expect(result?.summary).toMatchObject({ verdict: "passed", checks: 14 });
  expect(result?.artifact).toMatch(/^flight-delays\/tiny\/validation@sha256:/);
  const report = validationReportSchema.parse(fileOf(result?.artifact));
  expect(report).toMatchObject({ verdict: "passed", model: reference, capacity: { rowsPerRequest: 1 } });
  expect(result?.summary["capacityPerSecond"]).toBe(report.capacity?.requestsPerSecond);
});

test("validate ends with 1 and says why where the service is not good enough", async () => {
  const { code, result } = await runJob(
    ["validate", "--model", reference, "--url", served.url, "--min-rps", "1000000", "--requests", "20"],
    env,
  );
  expect(code).toBe(1);
  expect(result?.summary).toMatchObject({ verdict: "failed", failed: 1 });
  expect(String(result?.summary["reason"])).toContain("throughput");
  expect(validationReportSchema.parse(fileOf(result?.artifact)).verdict).toBe("failed");
});

test("drift gives no verdict on few rows, stays calm in September and speaks up in December", async () => {
  const features = await featureTable();
  await emptyLog();
  const none = await runJob(["drift"], env);
  expect(none.code).toBe(0);
  expect(none.result?.summary).toMatchObject({ verdict: "insufficient-data", rows: 0, maxPsi: null });

  const replayAndJudge = async (from: string, to: string): Promise<unknown> => {
    await emptyLog();
    const replayed = await runJob(
      [
        "replay",
        "--features",
        features,
        "--from",
        from,
        "--to",
        to,
        "--rows",
        "2500",
        "--url",
        served.url,
        "--rate",
        "2500",
      ],
      env,
    );
    expect(replayed.code).toBe(0);
    expect(replayed.result?.summary).toMatchObject({
      rows: 2500,
      requests: 50,
      failures: 0,
    });
    const source = { environment: "staging", service: "tiny", digest: reference.split("@")[1] ?? "" };
    for (let i = 0; i < 100 && (await redis.client.xlen(predictionStream(source))) < 2500; i++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const judged = await runJob(["drift"], env);
    expect(judged.code).toBe(0);
    return driftReportSchema.parse(fileOf(judged.result?.artifact));
  };

  const september = driftReportSchema.parse(await replayAndJudge("2013-09-01", "2013-10-01"));
  expect(september.window.rows).toBe(2500);
  const of = (report: typeof september, name: string): number =>
    report.variables.find((each) => each.name === name)?.value ?? NaN;
  for (const { name } of tinyProfile.features.slice(0, 4)) expect(of(september, name)).toBeLessThan(0.02);

  const december = driftReportSchema.parse(await replayAndJudge("2013-12-01", "2014-01-01"));
  expect(december.verdict).toBe("drifted");
  expect(of(december, "dep_delay")).toBeGreaterThan(0.25);
  expect(of(december, "temp")).toBeLessThan(0.02);

  const last = pushed.at(-1);
  expect(last).toMatchObject({
    method: "PUT",
    url: "/metrics/job/drift/environment/staging/service/tiny",
  });
  expect(last?.body).toMatch(/slipway_drift_psi\{[^}]*variable="dep_delay"\} 0\.[2-9]/);
  expect(registry.manifests.has("latest")).toBe(true);
});

test("a job that is called wrongly ends with 2 and names its flags", async () => {
  const { code, output } = await runJob(["replay", "--month", "9"], env);
  expect(code).toBe(2);
  expect(output).toMatch(/--features --from --to --take --rows --url --rate --batch/);
});
