import type { ConfigProblem } from "../stacks/config/config-problem.ts";
import { checkStackConfig } from "./check-stack-config.ts";
import type { StackFile } from "./stack/load-stack-file.ts";

/** Problems of a stack file with a new text: those that the change causes, and those that the file had before. */
export interface ProblemsOfChange {
  caused: ConfigProblem[];
  others: ConfigProblem[];
}

/** Checks a new text of a stack file beside the text that it has. A change may move the lines of problems that it does not cause. */
export async function problemsOfChange(
  before: Pick<StackFile, "file" | "path" | "text">,
  text: string,
): Promise<ProblemsOfChange> {
  const { problems } = await checkStackConfig({ ...before, text });
  if (problems.length === 0) return { caused: [], others: [] };
  const old = new Set((await checkStackConfig(before)).problems.map(withoutLine));
  return {
    caused: problems.filter((problem) => !old.has(withoutLine(problem))),
    others: problems.filter((problem) => old.has(withoutLine(problem))),
  };
}

function withoutLine({ path, message }: ConfigProblem): string {
  return `${path}: ${message}`;
}
