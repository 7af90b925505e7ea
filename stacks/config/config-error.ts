import { formatProblem, type ConfigProblem } from "./config-problem.ts";

/** Thrown if the stack config breaks a rule. The message has a line for each problem: file and line, key, rule, value, fix. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  /** @param file - name of the file in which the problems are; undefined if the config is not from a file */
  constructor(problems: readonly ConfigProblem[], file?: string) {
    const lines = problems.map((problem) => formatProblem(problem, file));
    super(
      lines.length === 1
        ? `config: ${lines[0]}`
        : `config has ${lines.length} faults:\n  ${lines.join("\n  ")}`,
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}
