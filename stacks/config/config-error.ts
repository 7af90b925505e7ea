import { formatProblem, type ConfigProblem } from "./config-problem.ts";
import { UserError } from "./user-error.ts";

/** The stack config breaks its rules. The message has a line for each problem: place, key, rule, value, fix. */
export class ConfigError extends UserError {
  readonly problems: readonly ConfigProblem[];

  /** @param file - name of the file with the lines; leave it out where there is no file */
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
