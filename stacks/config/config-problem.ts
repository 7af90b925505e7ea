/** One fault in a stack's config, or one probable mistake. */
export interface ConfigProblem {
  /** Name of the file, if it is not the stack's own but that of its foundation. */
  file?: string;
  /** Line in that file; undefined if the value is not from a file. */
  line?: number | undefined;
  /** Key with its namespace, such as `slipway:drift.intervalMinutes`; empty for the file as a whole. */
  path: string;
  /** The rule and the value: `must be at least 1, got 0`. */
  message: string;
  /** How to correct it: `change line 12 of Pulumi.dev.yaml`. */
  fix: string;
}

/** Returns the problem as text: `Pulumi.dev.yaml:12: slipway:drift.intervalMinutes: must …; change line 12`. */
export function formatProblem(problem: ConfigProblem, stackFile?: string): string {
  const { line, path, message, fix, file = stackFile } = problem;
  const location = file === undefined ? "" : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return `${location}${path === "" ? "" : `${path}: `}${message}; ${fix}`;
}
