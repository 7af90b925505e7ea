import type { z } from "zod";

/** A resource as a preview from nothing plans it. Values that are known only after an update may be anything. */
export interface PlannedResource {
  type: string;
  name: string;
  inputs: Readonly<Record<string, unknown>>;
  /** Whether its stack was deployed before, so that the resource may exist already. */
  deployed: boolean;
}

/** Returns the planned resources of a type whose inputs have the form of a schema. */
export function plannedOf<T extends z.ZodType>(
  planned: readonly PlannedResource[],
  type: string,
  schema: T,
): { name: string; inputs: z.infer<T>; deployed: boolean }[] {
  return planned
    .filter((resource) => resource.type === type)
    .flatMap(({ name, inputs, deployed }) => {
      const parsed = schema.safeParse(inputs);
      return parsed.success ? [{ name, inputs: parsed.data, deployed }] : [];
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
  /** Capacity block that the nodes run in, by its id: paid in advance. @default - on-demand capacity, or spot */
  capacityBlock?: string;
}
