import { Gauge, Registry } from "prom-client";
import { parseArtifactReference } from "../contract/artifact-reference.ts";
import type { DriftReport } from "../contract/drift-report.ts";
import { METRIC } from "../contract/metric.ts";
import { Unavailable, describeError } from "../errors.ts";

/** Returns a drift report as gauges in Prometheus' text format. A report without a verdict has no PSI, so its series ends. */
export async function driftMetrics(report: DriftReport, now: Date): Promise<string> {
  const registry = new Registry();
  const labels = {
    ...groupLabels(report),
    digest: parseArtifactReference(report.modelReference).digest,
    workload: report.workload,
    model: report.model,
  };
  const gauge = (name: string, help: string, more: string[] = []): Gauge =>
    new Gauge({ name, help, labelNames: [...Object.keys(labels), ...more], registers: [registry] });
  const psi = gauge(METRIC.driftPsi, "Population stability index of the last window", ["variable"]);
  const limits = gauge(METRIC.driftPsiLimit, "PSI from which a variable counts as drifted", ["variable"]);
  for (const { name, value, limit = report.threshold } of report.variables) {
    psi.set({ ...labels, variable: name }, value);
    limits.set({ ...labels, variable: name }, limit);
  }
  gauge(METRIC.driftWindowRows, "Predictions in the last window").set(labels, report.window.rows);
  gauge(METRIC.driftLastRun, "When the drift job last ran").set(labels, now.getTime() / 1000);
  return registry.metrics();
}

/** Returns the path of the Pushgateway's group for a report. @see https://github.com/prometheus/pushgateway#url */
export function groupPath(report: DriftReport): string {
  const parts = Object.entries(groupLabels(report)).map(([name, value]) =>
    value === "" || value.includes("/")
      ? `${name}@base64/${Buffer.from(value).toString("base64url") || "="}`
      : `${name}/${encodeURIComponent(value)}`,
  );
  return `/metrics/job/drift/${parts.join("/")}`;
}

/** Replaces the metrics of this service in the Pushgateway, including those of an older model. Throws Unavailable. */
export async function pushMetrics(
  pushgatewayUrl: string,
  report: DriftReport,
  text: string,
  fetchImpl: typeof fetch = fetch,
): Promise<void> {
  const url = `${pushgatewayUrl.replace(/\/+$/, "")}${groupPath(report)}`;
  const headers = { "content-type": "text/plain; version=0.0.4" };
  let response: Response;
  try {
    const signal = AbortSignal.timeout(10_000);
    response = await fetchImpl(url, { method: "PUT", headers, body: text, signal });
  } catch (error) {
    throw new Unavailable(
      `drift: the Pushgateway does not answer: ${describeError(error)}; check that it runs`,
    );
  }
  const answer = await response.text();
  if (!response.ok)
    throw new Unavailable(
      `drift: the Pushgateway refused the metrics: ${response.status} ${answer.slice(0, 200)}`,
    );
}

function groupLabels({ environment, service = "" }: DriftReport): Record<string, string> {
  return { environment, service };
}
