import { checkStackFile } from "../stacks/config/check-stack-file.ts";
import { formatProblem, type ConfigProblem } from "../stacks/config/config-problem.ts";
import { workloadModels } from "../stacks/config/workload-models.ts";
import type { StackFile } from "./stack/load-stack-file.ts";
import { hasPulumiCli } from "./stack/open-stack.ts";

export interface CheckedConfig {
  /** The stack cannot be deployed before these are mended. */
  problems: ConfigProblem[];
  warnings: ConfigProblem[];
}

/** Checks the whole config of a stack in its file, before any program starts. */
export async function checkStackConfig({
  file,
  text,
}: Pick<StackFile, "file" | "text">): Promise<CheckedConfig> {
  const [workloads, hasCli] = await Promise.all([workloadModels(), hasPulumiCli()]);
  return checkStackFile({ file, text, workloads, hasPulumiCli: hasCli });
}

/** One line for each problem, with the file and the line. */
export function configLines(problems: readonly ConfigProblem[], { file }: Pick<StackFile, "file">): string[] {
  return problems.map((problem) => formatProblem(problem, file));
}
