import type { z } from "zod";

/** A resource as a preview from nothing plans it. Values that are known only after an update may be anything. */
export interface PlannedResource {
  type: string;
  name: string;
  inputs: Readonly<Record<string, unknown>>;
}

/** Returns the planned resources of a type whose inputs have the form of a schema. */
export function plannedOf<T extends z.ZodType>(
  planned: readonly PlannedResource[],
  type: string,
  schema: T,
): { name: string; inputs: z.infer<T> }[] {
  return planned
    .filter((resource) => resource.type === type)
    .flatMap(({ name, inputs }) => {
      const parsed = schema.safeParse(inputs);
      return parsed.success ? [{ name, inputs: parsed.data }] : [];
    });
}

/** Nodes that a stack asks its cloud for. */
export interface NodeDemand {
  pool: string;
  /** Machine type, as the cloud calls it. */
  machine: string;
  spot: boolean;
  /** Nodes of the first `up`. */
  min: number;
  max: number;
  /** Disk of each node. */
  diskGib?: number;
  /** Zones that the pool names. @default - those of the cluster */
  zones?: readonly string[];
}
