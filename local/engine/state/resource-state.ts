import type { PropertyMap, PropertyValue } from "../values/property-value.ts";

/** Seconds that an operation may take; absent means the provider's own limit. */
export interface CustomTimeouts {
  create?: number;
  update?: number;
  delete?: number;
}

/** One resource as the state keeps it: Pulumi's ResourceV3, with its properties decrypted. */
export interface ResourceState {
  urn: string;
  type: string;
  /** Managed by a provider; a component is not. */
  custom: boolean;
  /** Replaced already; to be deleted once nothing needs it any more. */
  delete?: boolean;
  id?: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  protect?: boolean;
  /** Read, not managed. */
  external?: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  /** Why the resource exists but never got ready. */
  initErrors: string[];
  /** Reference to the provider, `URN::ID`. */
  provider?: string;
  /** Deleted already, to be created anew. */
  pendingReplacement?: boolean;
  additionalSecretOutputs: string[];
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
  /** Paths whose changes are not shown. The program says so in every run: it is not kept. */
  hideDiffs?: string[];
}

export type OperationType = "creating" | "updating" | "deleting" | "reading";

/** An operation that had begun when the state was written. */
export interface PendingOperation {
  type: OperationType;
  resource: ResourceState;
}
