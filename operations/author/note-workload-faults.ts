import type { Progress } from "../../local/progress.ts";
import { configuredServices } from "../configured-services.ts";
import { ROOT } from "../root.ts";
import { loadStackFile } from "../stack/load-stack-file.ts";
import { unusedBroken, workloadFaults, type WorkloadFault } from "./workload-faults.ts";

/**
 * Notes the faults of a stack's workloads before anything is started. They stop no other workload: what serves of a broken one stays as it
 * is. Returns them.
 */
export async function noteWorkloadFaults(
  stack: string,
  progress: Pick<Progress, "note">,
  root = ROOT,
): Promise<WorkloadFault[]> {
  const file = await loadStackFile(root, stack);
  const names = configuredServices(file).map(({ workload }) => workload);
  const faults = await workloadFaults(names);
  for (const { workload, model, message } of faults)
    progress.note(
      `✗ ${model === undefined ? workload : `${workload}/${model}`} is broken and is not trained; what serves of it stays: ${message}`,
    );
  for (const line of await unusedBroken(names)) progress.note(`warning: ${line}`);
  return faults;
}
