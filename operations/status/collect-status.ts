import { clusterStatus } from "../../local/cluster/cluster-status.ts";
import { readOutputs, stackOn, type Caller, type PlatformFlags } from "../platform.ts";
import { ROOT } from "../root.ts";
import { connectTarget, planTarget, type Target, type TargetPlan } from "../target.ts";
import type { PlatformOutputs, ServiceOutput } from "../../stacks/platform-outputs.ts";
import { commandFor } from "../command-for.ts";
import { checkStackConfig } from "../check-stack-config.ts";
import { pinnedModels } from "../pinned-models.ts";
import { WrongRequest } from "../wrong-request.ts";
import { loadStackFile } from "../stack/load-stack-file.ts";
import { clusterState } from "./cluster-state.ts";
import { exampleRequests } from "./example-request.ts";
import { findUnfilledCertificates } from "./find-unfilled-certificates.ts";
import { findUnfilledSecrets } from "./find-unfilled-secrets.ts";
import { knownFix } from "./known-fix.ts";
import { modelStates } from "./model-state.ts";
import { pages } from "./pages.ts";
import type { PlatformStatus, ServiceStatus } from "./platform-status.ts";
import { Problems } from "./problems.ts";
import { prometheusClient } from "./prometheus.ts";
import { serviceState } from "./service-state.ts";
import { trafficState, type TrafficState } from "./traffic-state.ts";
import { waitingPods } from "./waiting-pods.ts";

/**
 * Reads the status of everything from the stack's state, the cluster, the registry and Prometheus. Whatever is missing or does
 * not answer becomes a problem, with the command that mends it. Throws a WrongRequest alone: where there is no such stack or
 * context, or the flags do not fit the stack.
 */
export async function collectStatus(flags: PlatformFlags, caller: Caller): Promise<PlatformStatus> {
  const { root = ROOT, env = process.env } = caller;
  const problems = new Problems();
  const status = unknownStatus(flags.stack);
  const plan = await planTarget(root, flags, env).catch((error: unknown) => {
    if (error instanceof WrongRequest) throw error;
    return asError(error);
  });
  status.accepted = await configState(root, flags, problems);
  if (plan instanceof Error) {
    status.cluster.reason = plan.message;
    if (problems.list().length === 0)
      problems.add({ about: "cluster", reason: plan.message, fix: `mend Pulumi.${flags.stack}.yaml` });
    return { ...status, problems: problems.list() };
  }
  const fix = commandFor("up", flags);
  const outputs = await stackState(status, plan, { flags, caller, problems });
  const target = await connectTarget(plan, env, caller.progress.note).catch((error: unknown) => {
    if (error instanceof WrongRequest && flags.context !== undefined) throw error;
    return asError(error);
  });
  const known = knownFix(target);
  if (target instanceof Error) status.cluster.reason = known?.reason ?? target.message;
  else status.cluster = await clusterState(target.kube);
  const { ready, reason = "no reason is known" } = status.cluster;
  if (!ready)
    problems.add({
      about: "cluster",
      reason,
      fix: known?.fix ?? clusterFix(plan, flags),
    });
  if (outputs !== undefined) status.managed = outputs.managedServices.map(managedStatus);
  if (target instanceof Error) return { ...status, problems: problems.list() };
  if (plan.local)
    status.cluster.memoryMib = await problems.attempt(
      { about: "memory", fix },
      undefined,
      async () => (await clusterStatus()).memoryMib,
    );
  if (outputs !== undefined) await clusterParts(status, target, outputs, { problems, fix });
  return { ...status, problems: problems.list() };
}

function managedStatus(
  service: PlatformOutputs["managedServices"][number],
): PlatformStatus["managed"][number] {
  const { name, environment, target, url, digest, canaryDigest } = service;
  return { name, environment, target, url, digest, canaryDigest };
}

/** Returns the command that makes a cluster ready, or reaches it. */
function clusterFix({ local, cluster }: TargetPlan, flags: PlatformFlags): string {
  if (local) return commandFor("up", flags);
  return cluster === "cloud"
    ? "log in to the cloud, and reach the API server from a network of cluster.adminCidrs"
    : "start the cluster, or renew its kubeconfig";
}

/** Adds a problem for each fault of the stack's file, which the next deployment would refuse. Returns the versions that it accepts. */
async function configState(
  root: string,
  flags: PlatformFlags,
  problems: Problems,
): Promise<PlatformStatus["accepted"]> {
  return problems.attempt({ about: `Pulumi.${flags.stack}.yaml`, fix: "mend the file" }, [], async () => {
    const file = await loadStackFile(root, flags.stack);
    for (const { line, path, message, fix } of (await checkStackConfig(file)).problems)
      problems.add({
        about: `${file.file}${line === undefined ? "" : `:${line}`}`,
        reason: `${path}: ${message}`,
        fix,
      });
    return pinnedModels(file).flatMap(({ service, environment, canary, digest, accept }) =>
      accept === undefined
        ? []
        : [{ name: canary ? `${service} (canary)` : service, environment, digest, reason: accept }],
    );
  });
}

/** Reads the stack's state: how many resources it has, and its outputs where a deployment ended well. */
async function stackState(
  status: PlatformStatus,
  plan: TargetPlan,
  { flags, caller, problems }: { flags: PlatformFlags; caller: Caller; problems: Problems },
): Promise<PlatformOutputs | undefined> {
  const about = `stack ${flags.stack}`;
  return problems.attempt({ about, fix: commandFor("up", flags) }, undefined, async () => {
    const stack = await stackOn(plan, flags.stack, caller);
    status.stack.engine = stack.engine;
    status.stack.resources = await stack.resourceCount();
    return status.stack.resources === 0 || plan.layer === "foundation"
      ? undefined
      : readOutputs(flags.stack, await stack.outputs());
  });
}

/** Fills in the parts of the status that come from the cluster, the registry and Prometheus. */
export async function clusterParts(
  status: PlatformStatus,
  target: Target,
  outputs: PlatformOutputs,
  context: { problems: Problems; fix: string },
): Promise<void> {
  const { kube } = target;
  const { services, training, monitoring, workloads } = outputs;
  status.models = await modelStates(target, workloads, context);
  if (!status.cluster.ready) return;
  const prometheus = prometheusClient(kube, monitoring.namespace);
  const namespaces = [
    training.namespace,
    monitoring.namespace,
    ...services.map(({ namespace }) => namespace),
  ];
  const published = services
    .filter(({ publicUrl }) => publicUrl !== null)
    .map(({ environment }) => environment);
  const [traffic, waiting, looking] = await Promise.all([
    trafficState(prometheus, outputs, context),
    waitingPods(kube, namespaces, context),
    pages(target, outputs, context),
    findUnfilledSecrets(kube, namespaces, context),
    findUnfilledCertificates(kube, published, context),
  ]);
  status.services = await Promise.all(
    services.map((service) => serviceStatus(target, service, traffic, context)),
  );
  status.drift = traffic.drift;
  status.alerts = traffic.alerts;
  status.waiting = waiting;
  status.pages = looking;
}

async function serviceStatus(
  { kube, registry, plan }: Target,
  service: ServiceOutput,
  traffic: TrafficState,
  context: { problems: Problems; fix: string },
): Promise<ServiceStatus> {
  const { name, environment, model, publicUrl, digest, reference } = service;
  const url = plan.local ? `http://${service.address}` : service.url;
  const about = { about: `registry ${registry.name}`, fix: context.fix };
  const rollout = await serviceState(kube, service, context);
  const common = { name, environment, model, url, publicUrl, digest, ...rollout };
  // Prometheus keeps the metrics of a pod for some minutes after the pod is gone.
  if (rollout.readyReplicas === 0)
    return { ...common, p50Ms: null, p99Ms: null, example: null, predict: null };
  const requests = await context.problems.attempt(about, { example: null, predict: null }, () =>
    exampleRequests(registry, { reference, url }),
  );
  return { ...common, ...traffic.latency(service), ...requests };
}

export function unknownStatus(stack: string): PlatformStatus {
  return {
    cluster: { ready: false, server: "none" },
    stack: { name: stack, engine: "unknown", resources: 0 },
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
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
