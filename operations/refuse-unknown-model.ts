import { configuredServices } from "./configured-services.ts";
import { modelsOf } from "./models-of.ts";
import { ROOT } from "./root.ts";
import { loadStackFile } from "./stack/load-stack-file.ts";
import { brokenWorkloads, workloadNames } from "../workloads/catalog.ts";

/**
 * Throws a WrongRequest if no workload in the file of a stack has a model, before its cluster is asked. A file without workloads, and one
 * with unknown workloads, are left to the checks of the file.
 *
 * @param model - undefined for all models, which is never refused
 */
export async function refuseUnknownModel(
  { stack, model }: { stack: string; model?: string | undefined },
  root = ROOT,
): Promise<void> {
  if (model === undefined) return;
  const configured = configuredServices(await loadStackFile(root, stack)).map(({ workload }) => workload);
  const names = [...(await workloadNames()), ...(await brokenWorkloads()).map((each) => each.workload)];
  const known = [...new Set(configured)].filter((name) => names.includes(name));
  if (known.length > 0) await modelsOf(known, { stack, model });
}
