import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { workloadFolder } from "../../workloads/catalog.ts";
import { pinFiles } from "./pin-files.ts";

/** Returns a workload with a source whose content is known by digest: its files as they are on disk now. */
export async function pinSource({ source, ...workload }: Workload): Promise<PinnedWorkload> {
  return {
    ...workload,
    source: source.kind === "files" ? await pinFiles(source, await workloadFolder(workload.name)) : source,
  };
}
