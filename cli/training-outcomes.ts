import { commandFor } from "../operations/command-for.ts";
import type { TrainingOutcome } from "../operations/pipeline/run-pipeline.ts";
import type { PlatformFlags } from "../operations/platform.ts";
import { metricText } from "./metric-text.ts";
import { table } from "./table.ts";

/** Prints the outcomes of trainings as a table, and the command that promotes each model that passed. */
export function printOutcomes(outcomes: readonly TrainingOutcome[], flags: PlatformFlags): void {
  const rows = outcomes.map((outcome) => [
    outcome.model,
    outcome.verdict === "failed" ? "-" : metricText(outcome.metric),
    outcome.verdict,
    outcome.verdict === "passed" ? outcome.reference : outcome.reason,
  ]);
  console.log(`\n${table(["model", "metric", "gate", "result"], rows)}`);
  for (const { model, verdict } of outcomes)
    if (verdict === "passed")
      console.log(`\nTo bring it to production: ${commandFor("promote", flags, "--model", model)}`);
}
