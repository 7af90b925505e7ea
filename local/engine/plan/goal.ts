import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import type { CustomTimeouts, ResourceState } from "../state/resource-state.ts";

/** A former name of a resource: a whole urn, or the parts that differ from the present urn. */
export type Alias =
  | { urn: string }
  | {
      name?: string;
      type?: string;
      stack?: string;
      project?: string;
      parentUrn?: string;
      noParent?: boolean;
    };

/** The desired state of a resource: a parsed RegisterResource request. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: PropertyMap;
  /** Reference to an explicit provider, `URN::ID`. */
  provider?: string;
  /** Providers that the children of a component inherit: package → reference. */
  providers: Record<string, string>;
  /** Version of the SDK of the type's package. */
  version?: string;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect?: boolean;
  retainOnDelete?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  importId?: string;
  customTimeouts?: CustomTimeouts;
  deletedWith?: string;
  /** The resource is replaced whenever this value changes. */
  replacementTrigger?: PropertyValue;
  /** Paths whose changes are applied but not shown. */
  hideDiffs: string[];
  /** Runs after an `up` has created the resource, before the program learns of it. @default - nothing runs */
  onCreated?: (created: Created) => Promise<void>;
}

/** A resource that was just created. */
export type Created = Pick<ResourceState, "urn" | "type" | "inputs" | "outputs"> & { id: string };

/** Returns a goal with the given fields; all others are empty or absent. */
export function newGoal(type: string, name: string, goal: Partial<Goal> = {}): Goal {
  return {
    type,
    name,
    custom: true,
    inputs: {},
    providers: {},
    dependencies: [],
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    hideDiffs: [],
    additionalSecretOutputs: [],
    aliases: [],
    ...goal,
  };
}

/** The answer to a program that registered a resource. */
export interface Registered {
  urn: string;
  id: string;
  outputs: PropertyMap;
  /** `skip`: a resource that it depends on failed. */
  result: "success" | "fail" | "skip";
}
