import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import type { CustomTimeouts } from "../state/resource-state.ts";

/** A name that a resource may have had: a whole urn, or the parts that differ from its present one. */
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

/** What a program wants a resource to be: a RegisterResource request, read. */
export interface Goal {
  type: string;
  name: string;
  custom: boolean;
  parent?: string;
  inputs: PropertyMap;
  /** Reference to an explicit provider, `URN::ID`. */
  provider?: string;
  /** Of a component: package → reference to the provider that its children inherit. */
  providers: Record<string, string>;
  /** Of the SDK of the package that the type belongs to. */
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
  /** The resource is replaced whenever this value is another one than in the last run. */
  replacementTrigger?: PropertyValue;
  /** Paths whose changes are made, but not shown. */
  hideDiffs: string[];
}

/** A goal in which everything optional is absent. */
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

/** What a program learns of a resource that it registered. */
export interface Registered {
  urn: string;
  id: string;
  outputs: PropertyMap;
  /** `skip`: something that it depends on failed. */
  result: "success" | "fail" | "skip";
}
