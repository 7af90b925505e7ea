import type { Progress } from "../local/progress.ts";
import { sourceDistribution } from "../local/tools/python-package.ts";
import { evaluationSchema } from "../runtime/contract/evaluation.ts";
import type { Workload } from "../runtime/contract/workload.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";
import { publishSource } from "../runtime/data/publish-source.ts";
import { loadWorkload } from "../workloads/catalog.ts";
import type { Platform } from "./platform.ts";
import { readArtifactJson } from "../runtime/artifacts/read-artifact-json.ts";
import {
  ingest,
  runStep,
  taggedReference,
  train,
  type Candidate,
  type TrainingTarget,
} from "./training-chain.ts";

/** The outcome of training for every model of the stack's workloads; trains those that never were. */
export async function ensureCandidates(platform: Platform, progress: Progress): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const name of (await platform.outputs()).workloads) {
    const workload = await loadWorkload(name);
    const known = await Promise.all(
      workload.models.map((model) => lastCandidate(platform, name, model.name)),
    );
    const missing = workload.models
      .filter((_, index) => known[index] === undefined)
      .map((model) => model.name);
    candidates.push(...known.filter((candidate) => candidate !== undefined));
    if (missing.length > 0) candidates.push(...(await trainModels(platform, progress, workload, missing)));
  }
  return candidates;
}

/** Trains models of a workload in the cluster, from its source package on. */
export async function trainModels(
  platform: Platform,
  progress: Progress,
  workload: Workload,
  models: readonly string[],
): Promise<Candidate[]> {
  const { package: name, version, sha256 } = workload.source;
  const file = await sourceDistribution(progress, { name, version, sha256 });
  const source = await publishSource(platform.registry, file, workload);
  const target = await trainingTarget(platform);
  const dataset = await ingest(target, progress, workload.name, source);
  // Before training: a model that was trained is not trained again, so that what comes after it could be missed.
  const asOf = workload.asOf ?? new Date().toISOString();
  await runStep(target, progress, `Materialize features as of ${asOf}`, "materialize", [
    ...["--workload", workload.name, "--dataset", dataset, "--as-of", asOf],
  ]);
  const candidates: Candidate[] = [];
  for (const model of models) candidates.push(await train(target, progress, workload.name, model, dataset));
  return candidates;
}

export async function trainingTarget(platform: Platform): Promise<TrainingTarget> {
  const { training } = await platform.outputs();
  return { kube: platform.kube, registry: platform.registry, ...training };
}

/** What the last training run of a model ended with; undefined where there was none, or it did not get to its end. */
export async function lastCandidate(
  platform: Platform,
  workload: string,
  model: string,
): Promise<Candidate | undefined> {
  const { registry } = platform;
  const [evaluation, packaged, features] = await Promise.all([
    taggedReference(registry, workload, "evaluation", model, LATEST),
    taggedReference(registry, workload, "model", model, LATEST),
    taggedReference(registry, workload, "features", model, LATEST),
  ]);
  if (evaluation === undefined || features === undefined) return undefined;
  const { metrics, gate } = await readArtifactJson(
    registry,
    evaluation,
    "evaluation",
    "evaluation.json",
    evaluationSchema,
  );
  if (gate.verdict === "refused")
    return { model, workload, verdict: "refused", auc: metrics.auc, reason: gate.reason };
  if (packaged === undefined) return undefined;
  return { model, workload, verdict: "passed", auc: metrics.auc, reference: packaged, features };
}
