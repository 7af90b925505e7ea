import type { KubeConfig } from "@kubernetes/client-node";
import { artifactRepository } from "../runtime/contract/artifact-kind.ts";
import { parseArtifactReference } from "../runtime/contract/artifact-reference.ts";
import { LATEST } from "../runtime/contract/moving-tags.ts";
import type { StepResult } from "../runtime/contract/step-result.ts";
import type { RegistryClient } from "../runtime/artifacts/registry-client.ts";
import type { Progress } from "../local/progress.ts";
import { runJob } from "./kubernetes-job.ts";

export interface TrainingTarget {
  kube: KubeConfig;
  registry: RegistryClient;
  /** Where the job templates live, and job → name of its template. */
  namespace: string;
  templates: Record<string, string>;
}

/** What one run of the chain ended with: a packaged model, or the gate's reason to refuse it. */
export type Candidate =
  | { workload: string; model: string; verdict: "passed"; auc: number; reference: string; features: string }
  | { workload: string; model: string; verdict: "refused"; auc: number; reason: string };

/** Runs one job of a training target and shows it as a step. */
export async function runStep(
  target: TrainingTarget,
  progress: Progress,
  title: string,
  job: string,
  args: string[],
): Promise<StepResult> {
  const template = target.templates[job];
  if (template === undefined)
    throw new Error(
      `the stack has no template for job ${job}: it has ${Object.keys(target.templates).join(", ")}`,
    );
  return progress.step(title, (step) =>
    runJob(target.kube, {
      namespace: target.namespace,
      template,
      args,
      onStatus: (status) => step.update(status),
    }),
  );
}

/** Ingests the source package in the cluster. Returns the data set's reference; the same bytes give the same one. */
export async function ingest(
  target: TrainingTarget,
  progress: Progress,
  workload: string,
  source: string,
): Promise<string> {
  const result = await runStep(target, progress, `Ingest ${workload}`, "ingest", [
    "--workload",
    workload,
    "--source",
    source,
  ]);
  return made(target.registry, result);
}

/** Features → train → evaluate → package, each a Job in the cluster, joined by digests alone. */
export async function train(
  target: TrainingTarget,
  progress: Progress,
  workload: string,
  model: string,
  dataset: string,
): Promise<Candidate> {
  const step = (title: string, job: string, args: string[]): Promise<StepResult> =>
    runStep(target, progress, `${model}: ${title}`, job, args);
  const features = await made(
    target.registry,
    await step("compute features", "features", [
      "--workload",
      workload,
      "--model",
      model,
      "--dataset",
      dataset,
    ]),
  );
  const candidate = await made(target.registry, await step("train", "train", ["--features", features]));
  const evaluated = await step("evaluate", "evaluate", ["--candidate", candidate]);
  const evaluation = await made(target.registry, evaluated);
  const auc = Number(evaluated.summary["auc"]);
  if (evaluated.summary["gate"] !== "passed") {
    const reason = String(evaluated.summary["reason"]);
    progress.note(`✗ ${model} is refused: ${reason}`);
    return { workload, model, verdict: "refused", auc, reason };
  }
  const packaged = await step("package as ONNX", "package", [
    "--candidate",
    candidate,
    "--evaluation",
    evaluation,
  ]);
  return {
    workload,
    model,
    verdict: "passed",
    auc,
    reference: await made(target.registry, packaged),
    features,
  };
}

/** The artifact that a step made, tagged as the latest of its kind. */
async function made(registry: RegistryClient, result: StepResult): Promise<string> {
  if (result.artifact === undefined) throw new Error(`job ${result.job} ended well but made no artifact`);
  const { repository, digest } = parseArtifactReference(result.artifact);
  await registry.putTag(repository, LATEST, digest);
  return result.artifact;
}

/** Reference behind a tag of one of a model's repositories; undefined where there is none. */
export async function taggedReference(
  registry: RegistryClient,
  workload: string,
  kind: "features" | "candidate" | "evaluation" | "model" | "validation" | "drift",
  model: string,
  tag: string,
): Promise<string | undefined> {
  const repository = artifactRepository(workload, kind, model);
  const digest = await registry.resolveTag(repository, tag);
  return digest === undefined ? undefined : `${repository}@${digest}`;
}
