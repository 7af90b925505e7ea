import { dirname } from "node:path";
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { LIGHTGBM } from "../local/images/pins.ts";
import { lineProgress } from "../local/progress.ts";
import { sourceDistribution, wheel } from "../local/tools/python-package.ts";
import { connectRegistry } from "../runtime/artifacts/registry-client.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import { modelCardSchema, modelExamplesSchema } from "../runtime/contract/model-card.ts";
import { publishSource } from "../runtime/sources/source-artifact.ts";
import { readArtifactJson } from "../runtime/artifacts/read-artifact-json.ts";
import { httpClient } from "../runtime/traffic/http-client.ts";
import { inferBody } from "../runtime/traffic/infer-body.ts";
import { loadTest } from "../runtime/traffic/load-test.ts";
import { MAX_CALLERS, saturate } from "../runtime/traffic/saturation.ts";
import { fakeRegistry } from "../test/runtime/support/fake-registry.ts";
import { redisProcess } from "../test/runtime/support/redis-process.ts";
import { runJob } from "../test/runtime/support/run-job.ts";
import { serveProcess } from "../test/runtime/support/serve-process.ts";
import { PIPELINE, type StepName } from "../runtime/contract/pipeline.ts";
import { publishDefinition } from "../operations/pipeline/publish-definition.ts";
import { flightDelays } from "../test/runtime/support/flight-delays.ts";
import { median } from "./median.ts";

/**
 * Measures the highest throughput of one server of the example model, with 1 and with 100 rows per request, and the cores that it
 * uses. The model is trained here by the same jobs as in the cluster; caller and server share the machine. Prints entries for
 * cost/services/throughput.json.
 */
const MODEL = "pushback";
const [ROUNDS, SECONDS] = [5, 3];
const ROWS_PER_REQUEST = [1, 100];
/** Ticks of the CPU times in /proc: USER_HZ is 100 on every Linux. */
const TICKS_PER_SECOND = 100;

const progress = lineProgress();
const registry = await fakeRegistry();
const redis = await redisProcess();
try {
  const model = await trainModel(registry.url);
  const env = { SLIPWAY_REGISTRY: registry.url, DOCKER_CONFIG: "/nonexistent", SLIPWAY_REVISION: "bench" };
  const client = await connectRegistry(env);
  const card = await readArtifactJson(client, model, "model", "model-card.json", modelCardSchema);
  const { rows } = await readArtifactJson(client, model, "model", "examples.json", modelExamplesSchema);
  const served = await serveProcess({
    SLIPWAY_REGISTRY: registry.url,
    SLIPWAY_MODEL: model,
    SLIPWAY_FEATURE_STORE_URL: redis.url,
    SLIPWAY_FEATURE_STORE_PASSWORD: redis.password,
    SLIPWAY_DRAIN_SECONDS: "0",
  });
  const http = httpClient({ url: served.url, connections: MAX_CALLERS });
  try {
    console.log(`${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)} before it starts`);
    for (const rowsPerRequest of ROWS_PER_REQUEST) {
      const batch = Array.from({ length: rowsPerRequest }, (_, i) => rows[i % rows.length] ?? []);
      const path = `/v2/models/${card.name}/infer`;
      const body = inferBody(card.input, batch);
      const ask = async (): Promise<number | undefined> => {
        const { status, milliseconds } = await http.send({ path, body });
        return status === 200 ? milliseconds : undefined;
      };
      const found = await saturate({ ask, callers: 2, rowsPerRequest });
      if (found === undefined) throw new Error("the server failed under load");
      const rounds: { requestsPerSecond: number; cores: number }[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const before = await cpuSeconds(served.child.pid);
        const started = performance.now();
        const { requestsPerSecond, failures } = await loadTest({
          requests: Infinity,
          maxSeconds: SECONDS,
          callers: found.callers,
          warmup: 0,
          ask,
        });
        if (failures > 0) throw new Error(`${failures} requests failed under load`);
        const seconds = (performance.now() - started) / 1000;
        rounds.push({ requestsPerSecond, cores: ((await cpuSeconds(served.child.pid)) - before) / seconds });
      }
      const rates = rounds.map(({ requestsPerSecond }) => requestsPerSecond);
      console.log(
        `${rowsPerRequest} rows, ${found.callers} callers, ${ROUNDS} rounds of ${SECONDS} s: ` +
          `${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)} requests/s`,
      );
      const entry = {
        model: `${card.workload}/${card.name}`,
        digest: parseArtifactReference(model).digest,
        requestsPerSecond: Math.round(median(rates)),
        rowsPerRequest,
        cores: Math.round(median(rounds.map(({ cores }) => cores)) * 100) / 100,
        machine: `${cpus().length} x ${cpus()[0]?.model}`,
        date: new Date().toISOString().slice(0, 10),
        source: "npm run bench (serving)",
      };
      console.log(JSON.stringify(entry));
    }
  } finally {
    http.close();
    served.child.kill("SIGTERM");
    await served.ended;
  }
} finally {
  await redis.close();
  await registry.close();
}

/** Trains the example's model with its jobs, one process each, and returns its reference. */
async function trainModel(url: string): Promise<string> {
  const env = {
    SLIPWAY_REGISTRY: url,
    SLIPWAY_LIGHTGBM_LIBRARY: await wheel(progress, { ...LIGHTGBM, file: "lightgbm/lib/lib_lightgbm.so" }),
  };
  const { package: name, version, sha256 } = flightDelays.source;
  const file = await sourceDistribution(progress, { name, version, sha256 });
  const client = await connectRegistry({ ...env, DOCKER_CONFIG: "/nonexistent", SLIPWAY_REVISION: "bench" });
  const job = async (...args: string[]): Promise<string> => {
    const { code, result, output } = await runJob(args, env);
    if (code !== 0 || result?.artifact === undefined)
      throw new Error(`${args[0]} ended with ${code}: ${output.slice(-500)}`);
    return result.artifact;
  };
  const part = (step: StepName): Promise<string> =>
    publishDefinition(client, step, flightDelays, PIPELINE[step].per === "model" ? MODEL : undefined);
  const source = await publishSource(client, dirname(file), {
    workload: flightDelays.name,
    source: flightDelays.source,
  });
  const dataset = await job("ingest", "--definition", await part("ingest"), "--source", source);
  const features = await job("features", "--definition", await part("features"), "--dataset", dataset);
  const candidate = await job("train", "--definition", await part("train"), "--features", features);
  const evaluation = await job("evaluate", "--definition", await part("evaluate"), "--candidate", candidate);
  return job(
    ...["package", "--definition", await part("package")],
    ...["--candidate", candidate, "--evaluation", evaluation],
  );
}

/** Returns the CPU time of a process so far, with all its threads. */
async function cpuSeconds(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" "); // the name may have spaces
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
