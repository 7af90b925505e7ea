import type { ParsedConfig } from "../stacks/config/check-config.ts";
import { checkStackFile } from "../stacks/config/check-stack-file.ts";
import { formatProblem, type ConfigProblem } from "../stacks/config/config-problem.ts";
import { workloadModels } from "../stacks/config/workload-models.ts";
import { foundationOf } from "./stack/foundation-of.ts";
import type { StackFile } from "./stack/load-stack-file.ts";
import { hasPulumiCli } from "./stack/open-stack.ts";
import { otherPlatforms } from "./stack/other-platforms.ts";

export interface CheckedConfig {
  /** Problems that have to be mended before the stack can be deployed. */
  problems: ConfigProblem[];
  warnings: ConfigProblem[];
  /** The parsed config; undefined if there are problems, or a whole key is encrypted. */
  parsed: ParsedConfig | undefined;
}

/** Checks the whole config of a stack in its file, before any program starts. */
export async function checkStackConfig(
  stackFile: Pick<StackFile, "file" | "path" | "text">,
): Promise<CheckedConfig> {
  const { file, text } = stackFile;
  const [workloads, hasCli, foundation, others] = await Promise.all([
    workloadModels(),
    hasPulumiCli(),
    foundationOf(stackFile),
    otherPlatforms(stackFile),
  ]);
  const checked = checkStackFile({ file, text, workloads, foundation, hasPulumiCli: hasCli });
  return { ...checked, problems: [...others, ...checked.problems] };
}

/** Formats each problem as one line, with the name of the file and the line in it. */
export function configLines(problems: readonly ConfigProblem[], { file }: Pick<StackFile, "file">): string[] {
  return problems.map((problem) => formatProblem(problem, file));
}
