import { BadInput } from "../../runtime/errors.ts";
import { brokenWorkloads, loadWorkload, workloadFile } from "../../workloads/catalog.ts";

/** Why a workload, or one of its models, cannot be used. */
export interface WorkloadFault {
  workload: string;
  /** @default - all models */
  model?: string | undefined;
  message: string;
}

/** Returns the faults of workloads that only their authors can mend: broken definitions, and SQL that DuckDB refuses. Runs nothing. */
export async function workloadFaults(names: readonly string[]): Promise<WorkloadFault[]> {
  // DuckDB is loaded where a workload is about to be used: a status must not wait for it.
  const { checkSql } = await import("./check-sql.ts");
  const faults: WorkloadFault[] = [];
  for (const workload of new Set(names))
    try {
      const sql = await checkSql(await loadWorkload(workload), await workloadFile(workload));
      faults.push(...sql.map((fault) => ({ workload, ...fault })));
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      faults.push({ workload, message: error.message });
    }
  return faults;
}

/** Returns the broken definitions of this checkout that `names` do not need, as sentences. */
export async function unusedBroken(names: readonly string[]): Promise<string[]> {
  const others = (await brokenWorkloads()).filter(({ workload }) => !names.includes(workload));
  return others.map((fault) => `a workload that this stack does not use is broken: ${fault.message}`);
}
