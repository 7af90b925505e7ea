import { expect, test } from "vitest";
import { validationReportSchema } from "../../../runtime/contract/validation-report.ts";

test("reads reports that were written before capacity was measured", () => {
  const before = {
    schemaVersion: 1,
    model: "flight-delays/pushback/model@sha256:00",
    url: "http://pushback.staging.svc:8080",
    verdict: "passed",
    checks: [{ name: "p99", rule: "at most 250 ms with 4 callers", value: "9 ms", passed: true }],
    latency: { requests: 500, p50Ms: 2, p99Ms: 9, requestsPerSecond: 900 },
  };
  expect(validationReportSchema.parse(before)).toEqual(before);
});
