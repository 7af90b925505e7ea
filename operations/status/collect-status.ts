import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { clusterStatus } from "../../local/cluster/cluster-status.ts";
import { METRIC } from "../../runtime/contract/metric.ts";
import { modelCardSchema } from "../../runtime/contract/model-card.ts";
import { loadWorkload } from "../../workloads/catalog.ts";
import { lastCandidate } from "../candidates.ts";
import type { Platform } from "../platform.ts";
import type { PlatformOutputs, ServiceOutput } from "../../stacks/platform-outputs.ts";
import { readArtifactJson } from "../../runtime/artifacts/read-artifact-json.ts";
import type { PlatformStatus } from "./platform-status.ts";
import { prometheusClient, type Sample } from "./prometheus.ts";
import { waitingReason } from "./waiting-reason.ts";

/** Asks the cluster, the registry and Prometheus how everything is. What does not answer is left empty, never guessed. */
export async function collectStatus(platform: Platform): Promise<PlatformStatus> {
  const cluster = await clusterState(platform);
  if (platform.local) cluster.memoryMib = (await clusterStatus()).memoryMib;
  const resources = await platform.stack.resourceCount();
  const stack = { name: platform.stackName, engine: platform.stack.engine, resources };
  const empty = { model: null, refused: [], services: [], managed: [], drift: [], alerts: [], waiting: [] };
  if (!cluster.ready || resources === 0) return { cluster, stack, ...empty };
  const outputs = await platform.outputs();
  const prometheus = prometheusClient(platform.kube, outputs.monitoring.namespace);
  const query = (expression: string): Promise<Sample[]> => prometheus.query(expression).catch(() => []);
  const [p50, p99, psi, rows, ran, alerts] = await Promise.all([
    query(latency(0.5)),
    query(latency(0.99)),
    query(METRIC.driftPsi),
    query(METRIC.driftWindowRows),
    query(METRIC.driftLastRun),
    prometheus.alerts().catch(() => []),
  ]);
  const of = (samples: Sample[], { namespace, model }: ServiceOutput): Sample[] =>
    samples.filter(
      ({ labels }) =>
        (labels["environment"] ?? labels["namespace"]) === namespace && (labels["model"] ?? model) === model,
    );
  const services = await Promise.all(
    outputs.services.map(async (service) => ({
      name: service.name,
      environment: service.environment,
      url: platform.local ? `http://${service.address}` : service.url,
      digest: service.digest,
      ready: await isReady(platform, service),
      p50Ms: milliseconds(of(p50, service)[0]),
      p99Ms: milliseconds(of(p99, service)[0]),
    })),
  );
  const drift = outputs.services.flatMap((service) => {
    const last = of(ran, service)[0];
    if (last === undefined) return [];
    const worst = of(psi, service).sort((a, b) => b.value - a.value)[0];
    return {
      name: service.name,
      environment: service.environment,
      maxPsi: worst?.value ?? null,
      variable: worst?.labels["variable"] ?? null,
      window: new Date(last.value * 1000).toISOString(),
      rows: of(rows, service)[0]?.value ?? 0,
    };
  });
  return {
    cluster,
    stack,
    model: await productionModel(platform, outputs),
    refused: await refusedModels(platform, outputs),
    services,
    managed: outputs.managedServices.map(({ name, environment, target, url, digest, canaryDigest }) => ({
      name,
      environment,
      target,
      url,
      digest,
      canaryDigest,
    })),
    drift,
    alerts: alerts
      .filter(({ labels }) => labels["alertname"] !== "Watchdog")
      .map(({ labels, state }) => ({
        name: labels["alertname"] ?? "",
        state,
        severity: labels["severity"] ?? "none",
        labels,
      })),
    waiting: await waitingPods(platform, outputs),
  };
}

/** Quantile over all that the running pods have answered. */
function latency(quantile: number): string {
  return `histogram_quantile(${quantile}, sum by (le, namespace) (${METRIC.restServerRequestDuration}_bucket{path=~".*infer"}))`;
}

function milliseconds(sample: Sample | undefined): number | null {
  return sample === undefined || Number.isNaN(sample.value) ? null : Math.round(sample.value * 1e5) / 100;
}

async function clusterState({ kube }: Platform): Promise<PlatformStatus["cluster"]> {
  const server = kube.getCurrentCluster()?.server ?? "unknown";
  try {
    const { items } = await kube.makeApiClient(CoreV1Api).listNode();
    const ready = items.some(({ status }) =>
      status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True"),
    );
    return ready ? { ready, server } : { ready, server, reason: "no node is ready" };
  } catch (error) {
    return {
      ready: false,
      server,
      reason: error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error),
    };
  }
}

async function isReady({ kube }: Platform, { name, namespace }: ServiceOutput): Promise<boolean> {
  const { status } = await kube.makeApiClient(AppsV1Api).readNamespacedDeployment({ name, namespace });
  return (status?.readyReplicas ?? 0) > 0;
}

async function productionModel(
  platform: Platform,
  outputs: PlatformOutputs,
): Promise<PlatformStatus["model"]> {
  const all = [...outputs.services, ...outputs.managedServices];
  const service = all.find(({ environment }) => environment === "production");
  if (service === undefined) return null;
  const card = await readArtifactJson(
    platform.registry,
    service.reference,
    "model",
    "model-card.json",
    modelCardSchema,
  );
  return { name: card.name, digest: service.digest, auc: card.metrics.auc, gate: card.gate.verdict };
}

async function refusedModels(
  platform: Platform,
  { workloads }: PlatformOutputs,
): Promise<PlatformStatus["refused"]> {
  const models = await Promise.all(
    workloads.map(async (name) =>
      (await loadWorkload(name)).models.map((model) => ({ workload: name, model: model.name })),
    ),
  );
  const candidates = await Promise.all(
    models.flat().map(({ workload, model }) => lastCandidate(platform, workload, model)),
  );
  return candidates.flatMap((candidate) =>
    candidate?.verdict === "refused"
      ? { name: candidate.model, auc: candidate.auc, reason: candidate.reason }
      : [],
  );
}

async function waitingPods(
  { kube }: Platform,
  { services, training, monitoring }: PlatformOutputs,
): Promise<PlatformStatus["waiting"]> {
  const namespaces = new Set([
    training.namespace,
    monitoring.namespace,
    ...services.map(({ namespace }) => namespace),
  ]);
  const core = kube.makeApiClient(CoreV1Api);
  const pods = await Promise.all([...namespaces].map((namespace) => core.listNamespacedPod({ namespace })));
  return pods
    .flatMap(({ items }) => items)
    .flatMap((pod) => {
      const reason = waitingReason(pod);
      return reason === undefined ? [] : { pod: `${pod.metadata?.namespace}/${pod.metadata?.name}`, reason };
    });
}
