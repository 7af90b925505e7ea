import type { Workload } from "./workload.ts";

/** The workloads that this checkout or image has, each loaded on demand. */
export interface WorkloadCatalog {
  names: readonly string[];
  /** Throws BadInput where there is no workload of this name. */
  load(name: string): Promise<Workload>;
}
