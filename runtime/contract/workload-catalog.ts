import type { Workload } from "./workload.ts";

/** The workloads of this checkout or image, each loaded on demand. */
export interface WorkloadCatalog {
  names: readonly string[];
  /** Loads a workload. Throws BadInput if there is none with this name. */
  load(name: string): Promise<Workload>;
}
