import { expect, test } from "vitest";
import { driftReportSchema } from "../../../runtime/contract/drift-report.ts";
import type { DriftReport } from "../../../runtime/contract/drift-report.ts";
import type { ReferenceProfile } from "../../../runtime/contract/reference-profile.ts";
import { driftMetrics, groupPath, pushMetrics } from "../../../runtime/drift/drift-metrics.ts";
import { driftReport, worstVariable } from "../../../runtime/drift/drift-report.ts";
import { tinyCard, tinyProfile } from "../serving/tiny-model.ts";

const from = new Date("2026-01-01T00:00:00Z");
const to = new Date("2026-01-01T01:00:00Z");
const REFERENCE = `flight-delays/tiny/model@sha256:${"a".repeat(64)}`;

interface Row {
  features: (number | null)[];
  score: number;
}
/** 1000 rows distributed as the profile says. */
const stable = Array.from({ length: 1000 }, (_, i): Row => {
  const u = i / 1000;
  const pick = (bounds: number[], values: (number | null)[]): number | null =>
    values[bounds.filter((b) => u >= b).length] ?? null;
  return {
    features: [
      pick([0.5, 0.8], [0, 1, 2]),
      pick([0.5, 0.75], [-1, 5, 20]),
      pick([0.4, 0.9], [0, 50]),
      pick([0.8, 0.9], [5, 30]),
      50,
    ],
    score: pick([0.4, 0.8], [0.1, 0.5, 0.9]) ?? 0,
  };
});

function judge(
  entries: Row[],
  options: { threshold?: number; minRows?: number; profile?: ReferenceProfile } = {},
): DriftReport {
  return driftReportSchema.parse(
    driftReport({
      card: tinyCard,
      profile: tinyProfile,
      modelReference: REFERENCE,
      environment: "production",
      service: "tiny-eu",
      window: { from, to, entries },
      threshold: 0.25,
      minRows: 500,
      ...options,
    }),
  );
}

test("a window that is distributed as the profile is stable", () => {
  const report = judge(stable);
  expect(report.verdict).toBe("stable");
  expect(report.maxPsi).toBeLessThan(1e-9);
  expect(report.variables.map(({ name }) => name)).toEqual(["carrier", "dep_delay", "temp", "wind", "score"]);
});

test("one variable over its limit is drift, and the report says which one and by how much", () => {
  // Half of the delays moved from the first bin to the last: (0.25 − 0.5)·ln(0.5) + (0.5 − 0.25)·ln(2)
  const moved = stable.map((row, i) => (i < 250 ? { ...row, features: row.features.with(1, 20) } : row));
  const report = judge(moved);
  expect(report.verdict).toBe("drifted");
  expect(report.variables.filter(({ drifted }) => drifted).map(({ name }) => name)).toEqual(["dep_delay"]);
  expect(report.maxPsi).toBeCloseTo(0.5 * Math.log(2), 9);
  expect(judge(moved, { threshold: 0.4 }).verdict).toBe("stable");
});

test("a variable whose training periods lie far apart has a higher limit, which the report names", () => {
  const moved = stable.map((row, i) => (i < 250 ? { ...row, features: row.features.with(1, 20) } : row));
  const features = tinyProfile.features.map((each) =>
    each.name === "dep_delay" ? { ...each, variation: [{ rows: 500, psi: 0.6 }] } : each,
  );
  const report = judge(moved, { profile: { ...tinyProfile, features } });
  expect(report.verdict).toBe("stable");
  expect(report.variables.find(({ name }) => name === "dep_delay")?.limit).toBeCloseTo(0.75, 9);
  expect(worstVariable(report)?.name).toBe("dep_delay");
  expect(worstVariable(judge([]))).toBeUndefined();
});

test("leaves out what moves by the calendar alone", () => {
  const report = judge(stable.map((row) => ({ ...row, features: row.features.with(4, 500) })));
  expect(report.variables.map(({ name }) => name)).not.toContain("seats");
  expect(report.verdict).toBe("stable");
});

test("fewer rows than the minimum give no verdict and no numbers", () => {
  const report = judge(stable.slice(0, 499));
  expect(report).toMatchObject({
    verdict: "insufficient-data",
    variables: [],
    maxPsi: null,
    window: { rows: 499 },
  });
  expect(judge([]).verdict).toBe("insufficient-data");
});

test("metrics say each variable's PSI, the rows and the time", async () => {
  const text = await driftMetrics(judge(stable.map((row) => ({ ...row, score: 0.9 }))), new Date(1000_000));
  const labels = `environment="production",service="tiny-eu",digest="sha256:${"a".repeat(64)}",workload="flight-delays",model="tiny"`;
  expect(text).toMatch(new RegExp(`slipway_drift_psi\\{${labels},variable="score"\\} [1-9]`));
  expect(text).toContain(`slipway_drift_psi_limit{${labels},variable="score"} 0.25`);
  expect(text).toContain(`slipway_drift_window_rows{${labels}} 1000`);
  expect(text).toContain(`slipway_drift_last_run_timestamp_seconds{${labels}} 1000`);
  expect(await driftMetrics(judge([]), new Date())).not.toMatch(/^slipway_drift_psi/m);
});

test("replaces the group of its service in the Pushgateway: two services of one model keep their own", async () => {
  const sent: { url: string; method: string | undefined }[] = [];
  const fetchOne: typeof fetch = async (url, init) => {
    sent.push({ url: url instanceof Request ? url.url : url.toString(), method: init?.method });
    return new Response(null, { status: sent.length === 1 ? 200 : 400 });
  };
  const report = judge([]);
  const url = "http://pushgateway:9091/metrics/job/drift/environment/production/service/tiny-eu";
  await pushMetrics("http://pushgateway:9091/", report, "", fetchOne);
  expect(sent).toEqual([{ url, method: "PUT" }]);
  await expect(pushMetrics("http://pushgateway:9091", report, "", fetchOne)).rejects.toThrow(
    /refused the metrics: 400/,
  );
});

test("encodes label values that a path cannot hold", () => {
  expect(groupPath({ ...judge([]), environment: "", service: "a/b" })).toBe(
    "/metrics/job/drift/environment@base64/=/service@base64/YS9i",
  );
});
