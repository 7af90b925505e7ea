import type { PinnedWorkload } from "../../runtime/contract/step-definition.ts";
import type { Workload } from "../../runtime/contract/workload.ts";
import { workloadFolder } from "../../workloads/catalog.ts";
import { pinFiles } from "./pin-files.ts";

/** Returns a workload with the digests of the files of its source, as they are on disk now. Other sources stay as they are. */
export async function pinSource({ source, ...workload }: Workload): Promise<PinnedWorkload> {
  return {
    ...workload,
    source: source.kind === "files" ? await pinFiles(source, await workloadFolder(workload.name)) : source,
  };
}
