import type { PropertyMap, PropertyValue } from "../values/property-value.ts";

/** Timeouts of the operations, in seconds. @default - the provider's own limit */
export interface CustomTimeouts {
  create?: number;
  update?: number;
  delete?: number;
}

/** One resource in the state: Pulumi's ResourceV3, with its properties decrypted. */
export interface ResourceState {
  urn: string;
  type: string;
  /** True for a resource that a provider manages, false for a component. */
  custom: boolean;
  /** True if the resource was replaced and waits for its deletion. */
  delete?: boolean;
  id?: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  protect?: boolean;
  /** True for a resource that is only read, not managed. */
  external?: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Reasons why the resource exists but is not ready. */
  initErrors: string[];
  /** Reference to the provider, `URN::ID`. */
  provider?: string;
  /** True if the resource was deleted and waits for its replacement. */
  pendingReplacement?: boolean;
  additionalSecretOutputs: string[];
  /** Former urns. Every run gets them from the program; the state file does not keep them. */
  aliases: string[];
  customTimeouts?: CustomTimeouts;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** RFC 3339. */
  created?: string;
  modified?: string;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  replacementTrigger?: PropertyValue;
  /** Paths whose changes are not shown. Every run gets them from the program. */
  hideDiffs?: string[];
}

export type OperationType = "creating" | "updating" | "deleting" | "reading";

/** An operation that was in progress when the state was written. */
export interface PendingOperation {
  type: OperationType;
  resource: ResourceState;
}
