import { describe, expect, it } from "vitest";
import type { PlatformStatus, ServiceStatus } from "../../../operations/status/platform-status.ts";
import { renderStatus } from "../../../cli/status/render-status.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const nothing: PlatformStatus = {
  cluster: { ready: false, server: "https://10.88.0.1:6443", reason: "connection refused" },
  stack: { name: "dev", engine: "offline engine", resources: 0 },
  problems: [],
  models: [],
  services: [],
  managed: [],
  accepted: [],
  drift: [],
  alerts: [],
  waiting: [],
  pages: [],
};
const service: ServiceStatus = {
  name: "pushback",
  environment: "production",
  model: "pushback",
  url: "http://10.96.1.2:8080",
  publicUrl: null,
  digest,
  answering: [digest],
  ready: true,
  readyReplicas: 2,
  wantedReplicas: 2,
  rollout: null,
  p50Ms: 1.234,
  p99Ms: null,
  example: { url: "http://10.96.1.2:8080/v2/models/pushback/infer", body: '{"inputs":[]}', expected: 0.0159 },
  predict: {
    url: "http://10.96.1.2:8080/v1/models/pushback:predict",
    body: '{"instances":[{"features":{"airport":"O\'Hare"}}]}',
  },
};

describe("renderStatus", () => {
  it("says why the cluster is not ready, and shows no empty table", () => {
    const text = renderStatus(nothing);
    expect(text).toContain("not ready: connection refused");
    for (const absent of ["SERVICE", "ALERT", "MODEL", "PROBLEM"]) expect(text).not.toContain(absent);
  });

  it("has a line for each model, service, drift report, alert, waiting pod and page, and a curl for each service", () => {
    const text = renderStatus({
      ...nothing,
      cluster: { ready: true, server: "s" },
      models: [
        {
          workload: "flight-delays",
          name: "two-hours-before",
          gate: "refused",
          metric: { name: "auc", value: 0.735, baseline: 0.5 },
          reason: "AUC must be at least 0.8",
          newest: null,
          champion: null,
          changed: [],
        },
        {
          workload: "w",
          name: "pushback",
          gate: "passed",
          metric: { name: "auc", value: 0.90012 },
          reason: null,
          newest: other,
          champion: digest,
          changed: ["its rows or features", "its gate"],
        },
      ],
      services: [service],
      drift: [
        {
          name: "pushback",
          environment: "production",
          maxPsi: 2.71,
          limit: 0.4,
          variable: "temp",
          window: "2013-09-30T00:00:00Z",
          rows: 2000,
        },
      ],
      alerts: ["1h", "6h"].map((window) => ({
        name: "InferenceErrorBudgetBurn",
        state: "firing",
        severity: "critical",
        labels: { namespace: "production", service: "pushback", window },
      })),
      waiting: [{ pod: "staging/gpu-0", reason: "0/1 nodes are available: 1 Insufficient nvidia.com/gpu" }],
      pages: [{ name: "alerts", address: "http://10.96.7.7:8080/" }],
    });
    for (const part of [
      /two-hours-before +flight-delays +auc 0\.7350 \(baseline 0\.5000\) +refused +- +-/,
      /pushback +w +auc 0\.9001 +passed +sha256:b{12} +sha256:a{12}/,
      /changed +pushback: its rows or features and its gate changed since the version for production was trained: npm run train -- --model pushback/,
      /refused +two-hours-before: AUC must be at least 0\.8/,
      /pushback +production +2\/2 +1\.23 +- +sha256:a{12} +http:\/\/10\.96\.1\.2:8080/,
      /2\.710 +0\.400 +temp/,
      /InferenceErrorBudgetBurn +firing +critical +production\/pushback\n(?!Inference)/,
      /Insufficient nvidia\.com\/gpu/,
      /alerts +http:\/\/10\.96\.7\.7:8080\//,
      /Ask production\/pushback:\n\ncurl -s http:\S+ .*\n# expect 0\.015900/,
    ])
      expect(text).toMatch(part);
  });

  it("shows the URL for callers from outside of published services only", () => {
    const url = "https://pushback-production.ml.example.com";
    expect(renderStatus({ ...nothing, services: [service, { ...service, publicUrl: url }] })).toMatch(
      /PUBLISHED SERVICE +ENVIRONMENT +URL FOR CALLERS FROM OUTSIDE\npushback +production +https:\/\/pushback-production\.ml\.example\.com\n/,
    );
    expect(renderStatus({ ...nothing, services: [service] })).not.toContain("PUBLISHED");
  });

  it("shows the version that answers, not the one that is wished for, and why the rollout fails", () => {
    const text = renderStatus({
      ...nothing,
      services: [
        {
          ...service,
          answering: [other],
          ready: false,
          readyReplicas: 1,
          wantedReplicas: null,
          rollout: "rolls out sha256:aaaaaaaaaaaa, but fails: no such model",
        },
      ],
    });
    expect(text).toMatch(/pushback +production +1\/\? .*sha256:b{12}/);
    expect(text).toContain("production/pushback rolls out sha256:aaaaaaaaaaaa, but fails: no such model");
  });

  it("has a :predict line that a shell takes as it stands for each service, and names its model", () => {
    const predict = `curl -s http://10.96.1.2:8080/v1/models/pushback:predict -H 'content-type: application/json' -d '{"instances":[{"features":{"airport":"O'\\''Hare"}}]}'`;
    const text = renderStatus({
      ...nothing,
      services: [service, { ...service, name: "pushback-eu", environment: "canary-eu" }],
    });
    expect(text.split("\n").filter((line) => line === predict)).toHaveLength(2);
    expect(text).toContain("Ask production/pushback:\n");
    expect(text).toContain("Ask canary-eu/pushback-eu (model pushback):\n");
    const without = renderStatus({ ...nothing, services: [{ ...service, predict: null }] });
    expect(without).not.toContain(":predict");
    expect(without).toContain("# expect 0.015900");
  });

  it("shows what is served although its gate refuses it, and the reason", () => {
    const accepted = { name: "pushback", environment: "production", digest, reason: "until May" };
    const text = renderStatus({ ...nothing, accepted: [accepted] });
    expect(text).toMatch(/ACCEPTED +ENVIRONMENT +DIGEST +ALTHOUGH ITS GATE REFUSES IT, BECAUSE/);
    expect(text).toMatch(/pushback +production +sha256:aaaaaaaaaaaa +until May/);
  });

  it("names what is missing, and what mends it", () => {
    const text = renderStatus({
      ...nothing,
      problems: [
        { about: "service staging/pushback", reason: "its Deployment is missing", fix: "npm run up" },
      ],
    });
    expect(text).toMatch(/service staging\/pushback +its Deployment is missing +npm run up/);
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
          canaryDigest: other,
        },
      ],
    });
    expect(text).toMatch(/pushback +production +vertex +sha256:a{12} +sha256:b{12} +-/);
  });
});
