import { setTimeout as sleep } from "node:timers/promises";
import { REQUEST_VIEW } from "../contract/feature-view.ts";
import { scoreDistance, type ModelCard, type ModelExamples } from "../contract/model-card.ts";
import type { ValidationReport } from "../contract/validation-report.ts";
import { describeError } from "../errors.ts";
import type { HttpAnswer, HttpClient, HttpRequest } from "./http-client.ts";
import { inferBody, scoresOf } from "./infer-body.ts";
import { loadTest } from "./load-test.ts";
import { saturate, type Capacity } from "./saturation.ts";

export interface SmokeTestOptions {
  http: HttpClient;
  card: ModelCard;
  examples: ModelExamples;
  /** Digest that the service must serve. */
  digest: string;
  limits: SmokeLimits;
}

export interface SmokeLimits {
  /** Greatest difference between a score and the packaged one. */
  tolerance: number;
  maxP99Ms: number;
  minRequestsPerSecond: number;
  /** Number of requests of the latency test, with one row each. */
  requests: number;
  callers: number;
  /** Longest time until the service serves the digest. */
  waitSeconds: number;
  /** Longest time of each phase of the capacity measurement. @default - the capacity is not measured */
  capacitySeconds?: number;
}

export type Check = ValidationReport["checks"][number];
export type SmokeResult = Pick<ValidationReport, "checks" | "latency" | "verdict" | "capacity">;

/**
 * Tests a deployed service: the model's example rows get their packaged scores, wrong inputs get a 4xx and do no harm, and the
 * latency and throughput are within the limits. All checks run unless the service does not become ready. If all pass, it measures the
 * capacity.
 */
export async function smokeTest({
  http,
  card,
  examples,
  digest,
  limits,
}: SmokeTestOptions): Promise<SmokeResult> {
  const checks: Check[] = [];
  const check = (name: string, rule: string, value: string | number, passed: boolean): void =>
    void checks.push({ name, rule, value: String(value), passed });
  const ask = (request: HttpRequest): Promise<HttpAnswer> =>
    http
      .send(request)
      .catch((error: unknown) => ({ status: 0, json: describeError(error), milliseconds: 0 }));
  const infer = `/v2/models/${card.name}/infer`;
  const body = inferBody(card.input, examples.rows);

  async function checkScores(name: string): Promise<void> {
    const { status, json } = await ask({ path: infer, body });
    const scores = scoresOf(json, card.output, examples.rows.length);
    const rule = `${examples.rows.length} known rows score as packaged, to ${limits.tolerance}`;
    if (scores === undefined) return check(name, rule, `status ${status}: ${excerpt(json)}`, false);
    const worst = Math.max(...scores.map((score, i) => scoreDistance(examples.scores[i] ?? NaN, score)));
    check(name, rule, worst, worst <= limits.tolerance);
  }

  const served = await untilServed(ask, card.name, digest, limits.waitSeconds);
  check("digest", `serves ${digest} within ${limits.waitSeconds} s`, served, served === digest);
  if (served !== digest) return { checks, latency: NO_LATENCY, verdict: "failed" };

  await checkScores("scores");
  for (const wrong of wrongRequests(card, examples)) {
    const { status, json } = await ask(wrong.request);
    const explained = typeof (json as { error?: unknown } | undefined)?.error === "string";
    check(
      wrong.name,
      `status ${wrong.status} with an error`,
      `status ${status}`,
      status === wrong.status && explained,
    );
  }
  if (card.views.length > 0) {
    const { status, json } = await ask(unknownEntities(card, examples));
    check(
      "feature store",
      "status 200 for entities that are unknown",
      status === 200 ? "status 200" : `status ${status}: ${excerpt(json)}`,
      status === 200,
    );
  }
  await checkScores("scores after wrong inputs");

  let turn = 0;
  const askOneRow = async (): Promise<number | undefined> => {
    const row = examples.rows[turn++ % examples.rows.length] ?? [];
    const { status, milliseconds } = await ask({ path: infer, body: inferBody(card.input, [row]) });
    return status === 200 ? milliseconds : undefined;
  };
  const { failures, ...latency } = await loadTest({
    requests: limits.requests,
    callers: limits.callers,
    ask: askOneRow,
  });
  const rounded = {
    requests: latency.requests,
    p50Ms: round(latency.p50Ms),
    p99Ms: round(latency.p99Ms),
    requestsPerSecond: round(latency.requestsPerSecond),
  };
  check("failed requests", `none of ${limits.requests}`, failures, failures === 0);
  check(
    "p99",
    `at most ${limits.maxP99Ms} ms with ${limits.callers} callers`,
    `${rounded.p99Ms} ms`,
    latency.p99Ms <= limits.maxP99Ms,
  );
  check(
    "throughput",
    `at least ${limits.minRequestsPerSecond} requests/s`,
    `${rounded.requestsPerSecond} requests/s`,
    latency.requestsPerSecond >= limits.minRequestsPerSecond,
  );
  if (!checks.every(({ passed }) => passed)) return { checks, latency: rounded, verdict: "failed" };
  const { callers, capacitySeconds: phaseSeconds } = limits;
  const capacity =
    phaseSeconds === undefined
      ? undefined
      : await saturate({ ask: askOneRow, callers, phaseSeconds, rowsPerRequest: 1 });
  return {
    checks,
    latency: rounded,
    verdict: "passed",
    ...(capacity === undefined ? {} : { capacity: roundedCapacity(capacity) }),
  };
}

function roundedCapacity({ requestsPerSecond, seconds, ...rest }: Capacity): Capacity {
  return { ...rest, requestsPerSecond: round(requestsPerSecond), seconds: round(seconds) };
}

const NO_LATENCY = { requests: 0, p50Ms: 0, p99Ms: 0, requestsPerSecond: 0 };
/** A body that every server refuses: our limit is 4 MiB. */
const OVERSIZED_BYTES = 1024 ** 3;

function wrongRequests(
  card: ModelCard,
  examples: ModelExamples,
): { name: string; request: HttpRequest; status: number }[] {
  const path = `/v2/models/${card.name}/infer`;
  const row = examples.rows[0] ?? [];
  const post = (body: string): HttpRequest => ({ path, body });
  const tensor = { name: card.input.name, shape: [1, row.length], datatype: card.input.datatype, data: row };
  const changed = (change: object): HttpRequest =>
    post(JSON.stringify({ inputs: [{ ...tensor, ...change }] }));
  return [
    { name: "wrong width", request: post(inferBody(card.input, [row.slice(1)])), status: 400 },
    { name: "wrong datatype", request: changed({ datatype: "BYTES" }), status: 400 },
    { name: "wrong input name", request: changed({ name: "no-such-input" }), status: 400 },
    { name: "text for numbers", request: changed({ data: row.map(() => "x") }), status: 400 },
    { name: "garbage", request: post("{nope"), status: 400 },
    { name: "oversized body", request: { path, announceBytes: OVERSIZED_BYTES }, status: 413 },
    {
      name: "unknown model",
      request: { ...changed({}), path: "/v2/models/no-such-model/infer" },
      status: 404,
    },
  ];
}

/** Returns a `:predict` request for unknown entities, with the caller's features from an example row. */
function unknownEntities(card: ModelCard, { rows: [row = []] }: ModelExamples): HttpRequest {
  const features = Object.fromEntries(
    card.features.flatMap(({ name, view, categories }, column) => {
      const value = row[column] ?? 0;
      return view === REQUEST_VIEW ? [[name, categories === undefined ? value : categories[value]]] : [];
    }),
  );
  const keys = card.views.flatMap(({ entity }) => entity).filter((key) => !(key in features));
  const entities = Object.fromEntries(keys.map((key) => [key, "smoke-test"]));
  const body = JSON.stringify({ instances: [{ entities, features }] });
  return { path: `/v1/models/${card.name}:predict`, body };
}

/** Returns the digest that the service serves as soon as it is the right one, or, when time is up, its last answer. */
async function untilServed(
  ask: (request: HttpRequest) => Promise<HttpAnswer>,
  model: string,
  digest: string,
  waitSeconds: number,
): Promise<string> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    const ready = await ask({ path: "/v2/health/ready" });
    const metadata = ready.status === 200 ? await ask({ path: `/v2/models/${model}` }) : ready;
    const served = (metadata.json as { parameters?: { digest?: unknown } } | undefined)?.parameters?.digest;
    if (served === digest || Date.now() >= deadline)
      return typeof served === "string" ? served : `status ${metadata.status}: ${excerpt(metadata.json)}`;
    await sleep(500);
  }
}

const round = (value: number): number => Math.round(value * 100) / 100 || 0;
const excerpt = (json: unknown): string => (JSON.stringify(json) ?? "no JSON").slice(0, 200);
