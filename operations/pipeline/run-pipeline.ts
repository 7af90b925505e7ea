import type { Progress } from "../../local/progress.ts";
import type { Evaluation } from "../../runtime/contract/evaluation.ts";
import { PIPELINE, STEP_NAMES, type StepName } from "../../runtime/contract/pipeline.ts";
import { isRemote } from "../../runtime/contract/source.ts";
import { shownMetric, type NamedMetric } from "../../runtime/contract/task-metrics.ts";
import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import { comparedChampion } from "./compared-champion.ts";
import type { JobTarget } from "./job-target.ts";
import { publishDefinition } from "./publish-definition.ts";
import { publishTrainer } from "./publish-trainer.ts";
import { readEvaluation } from "./read-evaluation.ts";
import { bindRegistered, isImported } from "./registered-candidate.ts";
import { runStep } from "./run-step.ts";

/** Result of training a model: a packaged model, or the gate's reason for its refusal. */
export type Candidate =
  | { workload: string; model: string; verdict: "passed"; metric: NamedMetric; reference: string }
  | { workload: string; model: string; verdict: "refused"; metric: NamedMetric; reason: string };

/** A model whose training failed, and why. */
export interface FailedTraining {
  workload: string;
  model: string;
  verdict: "failed";
  reason: string;
}
export type TrainingOutcome = Candidate | FailedTraining;

export interface PipelineRun {
  workload: PinnedWorkload;
  models: readonly string[];
  /** Artifact of a source that this machine has read. @default - the job `fetch` reads the source */
  source?: string | undefined;
  /** Whether to run every step, even one with the inputs and the image of an earlier run. @default false */
  again?: boolean;
}

const STEPS_PER_WORKLOAD = STEP_NAMES.filter((step) => PIPELINE[step].per === "workload");
const STEPS_PER_MODEL = STEP_NAMES.filter((step) => PIPELINE[step].per === "model");

/**
 * Runs the pipeline for a workload and some of its models. Each step is a Job in the cluster, and gets the digests of earlier steps
 * as arguments. Throws where a step of the workload fails; a model that fails does not stop the others.
 */
export async function runPipeline(
  target: JobTarget,
  progress: Progress,
  { workload, models, source, again = false }: PipelineRun,
): Promise<TrainingOutcome[]> {
  const artifacts = new Map<StepName, string>(source === undefined ? [] : [["fetch", source]]);
  const run = async (step: StepName, made: Map<StepName, string>, model?: string): Promise<void> => {
    if (made.has(step)) return;
    const definition = await publishDefinition(target.registry, step, workload, model);
    const trainer =
      step === "train" && model !== undefined
        ? await publishTrainer(target.registry, progress, workload, model)
        : undefined;
    const champion =
      PIPELINE[step].takesChampion === true && model !== undefined
        ? await comparedChampion(target.registry, workload, model, artifactOf("train", made))
        : undefined;
    const inputs = { workload: workload.name, model, definition, artifacts: made, trainer, champion };
    const artifact = await runStep(target, progress, step, inputs, again || isReadAgain(step, workload));
    if (artifact !== undefined) made.set(step, artifact);
  };
  for (const step of STEPS_PER_WORKLOAD) await run(step, artifacts);

  const trainModel = async (model: string): Promise<TrainingOutcome> => {
    const made = new Map(artifacts);
    const judged = (step: StepName): Promise<Evaluation> => readEvaluation(target, artifactOf(step, made));
    for (const step of STEPS_PER_MODEL) {
      const { gatedBy } = PIPELINE[step];
      if (gatedBy !== undefined && (await judged(gatedBy)).gate.verdict === "refused") continue;
      if (step === "train" && isImported(workload, model)) {
        const features = artifactOf("features", made);
        made.set(
          step,
          await progress.step(`${model}: take the registered file`, () =>
            bindRegistered(target.registry, { workload, model, features }),
          ),
        );
      } else await run(step, made, model);
    }
    const outcome = toCandidate(await judged("evaluate"), made.get("package"));
    if (outcome === undefined) throw new Error(`${model} passed its gate but was not packaged`);
    if (outcome.verdict === "refused") progress.note(`✗ ${model} is refused: ${outcome.reason}`);
    return outcome;
  };
  const outcomes: TrainingOutcome[] = [];
  for (const model of models)
    try {
      outcomes.push(await trainModel(model));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      progress.note(`✗ ${model} is not trained: ${reason}`);
      outcomes.push({ workload: workload.name, model, verdict: "failed", reason });
    }
  return outcomes;
}

/** Whether a step may have another result with the same inputs: a remote source changes, and only `fetch` sees it. */
function isReadAgain(step: StepName, { source }: PinnedWorkload): boolean {
  return step === "fetch" && isRemote(source);
}

/** Combines an evaluation with the model that was packaged after it; undefined where the model passed and was not packaged. */
export function toCandidate(evaluation: Evaluation, packaged: string | undefined): Candidate | undefined {
  const { workload, model, gate } = evaluation;
  const metric = shownMetric(evaluation);
  if (gate.verdict === "refused") return { workload, model, verdict: "refused", metric, reason: gate.reason };
  if (packaged === undefined) return undefined;
  return { workload, model, verdict: "passed", metric, reference: packaged };
}

function artifactOf(step: StepName, artifacts: ReadonlyMap<StepName, string>): string {
  const artifact = artifacts.get(step);
  if (artifact === undefined) throw new Error(`${step} has no artifact in this run`);
  return artifact;
}

/** Throws where the training of any model failed, after the others are done. */
export function refuseFailed(outcomes: readonly TrainingOutcome[]): void {
  const failed = outcomes.filter(({ verdict }) => verdict === "failed").map(({ model }) => model);
  if (failed.length > 0) throw new Error(`not trained: ${failed.join(", ")}; the reasons are above`);
}
