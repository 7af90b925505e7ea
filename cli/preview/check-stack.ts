import { loadProjectPrices } from "../../cost/prices/load-prices.ts";
import { OPS } from "../../local/engine/plan/step.ts";
import type { Summary } from "../../local/engine/summary.ts";
import { checkStackConfig, configLines } from "../../operations/check-stack-config.ts";
import { checkStackPins } from "../../operations/check-stack-pins.ts";
import { pinnedModels } from "../../operations/pinned-models.ts";
import { planTarget } from "../../operations/target.ts";
import { describeError } from "../../runtime/errors.ts";
import type { ParsedConfig } from "../../stacks/config/check-config.ts";
import type { ConfigProblem } from "../../stacks/config/config-problem.ts";
import { toProblem } from "../../stacks/config/parse-config.ts";
import { PROJECT } from "../../stacks/config/project-name.ts";
import { readStackFile } from "../../stacks/config/stack-file.ts";
import { describePlan, type StackPreview } from "./compare-stack.ts";
import type { Planned } from "./report.ts";
import type { StackNeeds } from "./stack-needs.ts";
import { unpricedMachines } from "./unpriced-machines.ts";

export interface StackCheck {
  /** Why the stack cannot be planned: a line for each problem. */
  problems: string[];
  /** Sentences for the report of the plan. */
  warnings: string[];
}

/** Checks the config of a stack, then its pinned digests in its registry, before any program is started. */
export async function checkStack(
  { stack, file }: Pick<StackNeeds, "stack" | "file">,
  { projectDir, env }: { projectDir: string; env: NodeJS.ProcessEnv },
): Promise<StackCheck> {
  const { problems, warnings, parsed } = await checkStackConfig(file);
  const warningLines = configLines(
    [...warnings, ...(parsed === undefined ? [] : machineWarnings(parsed, file, projectDir))],
    file,
  );
  if (problems.length > 0) return { problems: configLines(problems, file), warnings: warningLines };
  if (pinnedModels(file).length === 0) return { problems: [], warnings: warningLines };
  // A config that is sealed as a whole hides the registry.
  const target = await planTarget(projectDir, { stack }, env).catch(describeError);
  if (typeof target === "string")
    return { problems: [], warnings: [...warningLines, `the pinned digests are not checked: ${target}`] };
  const { wrong, notices, warning } = await checkStackPins(
    file,
    { ...target.registry, note: (line) => console.error(line) },
    env,
  );
  return {
    problems: configLines(wrong, file),
    warnings: [...warningLines, ...notices, ...(warning === undefined ? [] : [warning])],
  };
}

/** Returns warnings about machines without a price, with their lines. */
function machineWarnings(
  parsed: ParsedConfig,
  { file, text }: StackNeeds["file"],
  projectDir: string,
): ConfigProblem[] {
  const source = { name: file, file: readStackFile(text, PROJECT) };
  return unpricedMachines(parsed, loadProjectPrices(projectDir)).map((fault) => toProblem(fault, source));
}

/** Returns the report of a stack that was not planned, because its check found problems. */
export function refusedStack(
  needs: StackNeeds,
  { problems, warnings }: StackCheck,
  { projectDir }: { projectDir: string },
): StackPreview {
  const counts = Object.fromEntries(OPS.map((op) => [op, 0])) as Summary["counts"];
  const failed = problems.map((line) => ({ urn: "", reasons: [line] }));
  // `pulumi preview --json` has failures among its diagnostics.
  const diagnostics = problems.map((message) => ({ severity: "error" as const, message }));
  return describePlan(
    needs,
    withWarnings({ steps: [], counts, failed, diagnostics, durationMs: 0 }, warnings),
    { projectDir, engine: "none: the config is wrong", against: "nothing", compares: false },
  );
}

/** Adds warnings to a plan, before those of the program. */
export function withWarnings<P extends Planned>(planned: P, warnings: readonly string[]): P {
  const own = warnings.map((message) => ({ severity: "warning" as const, message }));
  return { ...planned, diagnostics: [...own, ...planned.diagnostics] };
}
