import { workloadSchema } from "../../../runtime/contract/workload.ts";
import definition from "../../../workloads/flight-delays/workload.ts";

/** The example workload, with its defaults. */
export const flightDelays = workloadSchema.parse(definition);
