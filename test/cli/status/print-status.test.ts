import { describe, expect, it } from "vitest";
import type { PlatformStatus } from "../../../operations/status/platform-status.ts";
import { renderStatus } from "../../../cli/status/print-status.ts";

const digest = `sha256:${"a".repeat(64)}`;
const nothing: PlatformStatus = {
  cluster: { ready: false, server: "https://10.88.0.1:6443", reason: "connection refused" },
  stack: { name: "dev", engine: "offline engine", resources: 0 },
  model: null,
  refused: [],
  services: [],
  managed: [],
  drift: [],
  alerts: [],
  waiting: [],
};

describe("renderStatus", () => {
  it("says why the cluster is not ready, and shows no empty table", () => {
    const text = renderStatus(nothing);
    expect(text).toContain("not ready: connection refused");
    expect(text).toContain("none in production");
    expect(text).not.toContain("SERVICE");
    expect(text).not.toContain("ALERT");
  });

  it("shows the model, what was refused and why, latencies, drift and alerts", () => {
    const text = renderStatus({
      ...nothing,
      cluster: { ready: true, server: "s" },
      model: { name: "pushback", digest, auc: 0.90012, gate: "passed" },
      refused: [{ name: "two-hours-before", auc: 0.735, reason: "AUC must be at least 0.8" }],
      services: [
        {
          name: "pushback",
          environment: "production",
          url: "http://10.96.1.2:8080",
          digest,
          ready: true,
          p50Ms: 1.234,
          p99Ms: null,
        },
      ],
      drift: [
        {
          name: "pushback",
          environment: "production",
          maxPsi: 2.71,
          variable: "temp",
          window: "2013-09-30T00:00:00Z",
          rows: 2000,
        },
      ],
      alerts: [
        { name: "DriftDetected", state: "firing", severity: "warning", labels: { model: "pushback" } },
      ],
      waiting: [{ pod: "staging/gpu-0", reason: "0/1 nodes are available: 1 Insufficient nvidia.com/gpu" }],
    });
    for (const part of [
      "AUC 0.9001, gate passed",
      "two-hours-before, AUC 0.7350: AUC must be at least 0.8",
      "1.23",
      "http://10.96.1.2:8080",
      "2.710",
      "temp",
      "firing",
      "Insufficient nvidia.com/gpu",
    ])
      expect(text).toContain(part);
  });

  it("shows what runs outside of the cluster, its canary, and that an address is not known", () => {
    const text = renderStatus({
      ...nothing,
      managed: [
        {
          name: "pushback",
          environment: "production",
          target: "vertex",
          url: null,
          digest,
          canaryDigest: `sha256:${"b".repeat(64)}`,
        },
      ],
    });
    expect(text).toMatch(/pushback +production +vertex +sha256:a{12} +sha256:b{12} +-/);
  });
});
