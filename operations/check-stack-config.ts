import { dirname } from "node:path";
import type { ParsedConfig } from "../stacks/config/check-config.ts";
import { imagePlatformFault } from "../stacks/config/check-image-platforms.ts";
import { checkStackFile } from "../stacks/config/check-stack-file.ts";
import { formatProblem, type ConfigProblem } from "../stacks/config/config-problem.ts";
import type { ReadFoundationFile } from "../stacks/config/foundation-file.ts";
import { readLock } from "../stacks/config/named-file.ts";
import { toProblem } from "../stacks/config/parse-config.ts";
import { PROJECT } from "../stacks/config/project-name.ts";
import { readStackFile } from "../stacks/config/stack-file.ts";
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
  const machines =
    checked.parsed === undefined ? [] : await machineProblems(stackFile, checked.parsed, foundation);
  return { ...checked, problems: [...others, ...checked.problems, ...machines] };
}

/** Returns the problem of a pool with machines for which an image of the stack has no build. A lock that cannot be read is named elsewhere. */
async function machineProblems(
  { file, path, text }: Pick<StackFile, "file" | "path" | "text">,
  { config }: ParsedConfig,
  foundation: ReadFoundationFile | undefined,
): Promise<ConfigProblem[]> {
  const { lockFile, build } = config.images;
  const registryKind = config.registry.kind;
  const lock = await readLock(lockFile, dirname(path), { registryKind }).catch(() => undefined);
  if (lock === undefined) return [];
  const stack = /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? "STACK";
  const fault = imagePlatformFault(lock, config, { buildsRuntime: build !== undefined, stack });
  if (fault === undefined) return [];
  const source = { name: file, file: readStackFile(text, PROJECT), foundation: foundation?.source };
  return [toProblem({ ...fault, inFoundation: foundation !== undefined }, source)];
}

/** Formats each problem as one line, with the name of the file and the line in it. */
export function configLines(problems: readonly ConfigProblem[], { file }: Pick<StackFile, "file">): string[] {
  return problems.map((problem) => formatProblem(problem, file));
}
