/** One fault in a stack's config, or one probable mistake. */
export interface ConfigProblem {
  /** Line of the stack's file; undefined where the value is not from a file. */
  line?: number | undefined;
  /** Key with its namespace, such as `slipway:drift.intervalMinutes`; empty for the file as a whole. */
  path: string;
  /** The rule and the value: `must be at least 1, got 0`. */
  message: string;
  /** What to do: `change line 12 of Pulumi.dev.yaml`. */
  fix: string;
}

/** `Pulumi.dev.yaml:12: slipway:drift.intervalMinutes: must …; change line 12`. */
export function formatProblem({ line, path, message, fix }: ConfigProblem, file?: string): string {
  const place = file === undefined ? "" : line === undefined ? `${file}: ` : `${file}:${line}: `;
  return `${place}${path === "" ? "" : `${path}: `}${message}; ${fix}`;
}
