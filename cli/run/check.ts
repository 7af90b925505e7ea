import { lineProgress, type Progress } from "../../local/progress.ts";
import { ROOT } from "../../operations/root.ts";
import { workloadFaults } from "../../operations/author/workload-faults.ts";
import { WrongRequest } from "../../operations/wrong-request.ts";
import { brokenWorkloads, workloadNames } from "../../workloads/catalog.ts";
import { runCommand } from "../../local/run-command.ts";

const CHECKS: readonly [title: string, program: string, args: string[]][] = [
  ["Format (prettier)", "node_modules/.bin/prettier", ["--check", "--log-level", "warn", "."]],
  ["Types (tsc)", "node_modules/.bin/tsc", ["--project", "."]],
  ["Lint (eslint)", "node_modules/.bin/eslint", ["--max-warnings", "0", "."]],
];

async function checkWorkloads(): Promise<void> {
  const broken = await brokenWorkloads();
  const faults = [...broken, ...(await workloadFaults(await workloadNames()))].map(({ message }) => message);
  if (faults.length > 0) throw new WrongRequest(faults.join("\n  "));
}

/** Checks format, types, lint and the definitions of workloads. Throws at the first check that fails, with its output. */
export async function check(progress: Progress = lineProgress(), root = ROOT): Promise<void> {
  for (const [title, program, args] of CHECKS)
    await progress.step(title, () => runCommand(program, args, { cwd: root }).then(() => undefined));
  await progress.step("Workloads (definitions and their SQL)", checkWorkloads);
}
