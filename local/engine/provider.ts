import type { PropertyMap } from "./values/property-value.ts";

export interface CheckFailure {
  /** Property path, such as `spec.replicas`; empty for the resource as a whole. */
  property: string;
  reason: string;
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
  kind: DiffKind;
  /** True if the old value is an input, not an output of the provider. */
  inputDiff: boolean;
}

export interface DiffResult {
  changes: boolean;
  /** Paths of the properties that force a replacement; empty means update in place. */
  replaces: string[];
  /** True if the old resource must be deleted before the new one is created, because both would have the same name. */
  deleteBeforeReplace: boolean;
  /** Path → its change. */
  detailedDiff: Record<string, PropertyDiff>;
}

/**
 * The name that the stack's `pulumi:autonaming` gives a resource without a name in the program. The provider may change a
 * `propose` name to fit the rules of the kind, but not an `enforce` name; `disable` makes a missing name an error.
 * Values are those of `pulumirpc.CheckRequest.AutonamingOptions`.
 */
export type Autonaming = { mode: "propose" | "enforce"; proposedName: string } | { mode: "disable" };

/** The context of every call of a provider. `type` and `name` are those of the urn. */
export interface ProviderContext {
  urn: string;
  type: string;
  name: string;
  /** Aborted when the operation's custom timeout passes or the user interrupts. */
  signal: AbortSignal;
  /** Timeout from `customTimeouts` of this operation. @default - the provider's own timeout */
  timeoutSeconds?: number;
  /** Shows a line of status beside the resource while its operation runs. */
  status(message: string): void;
  /** Reports a diagnostic that stays visible after the run. */
  log(severity: "debug" | "info" | "warning" | "error", message: string): void;
}

/**
 * The part of Pulumi's resource provider protocol that the engine needs, as plain functions with the semantics of
 * `pulumirpc.ResourceProvider`. The engine removes the marks of secrets before every call and restores them on the result (an
 * output with the name of a secret input is secret). Unknown values occur only if `preview` is true.
 */
export interface Provider {
  /** Checks the provider's own configuration. Called once per provider resource, before any other method. */
  configure(config: PropertyMap, preview: boolean): Promise<void>;
  /**
   * Returns the keys of the provider's config that force its replacement, because the new config leads to another place (another
   * cluster, another account); then everything that the provider manages is replaced too. Called on a new instance that is
   * not configured. In a preview both configs may hold unknown values.
   * @default - none: a provider whose config changed is configured again
   */
  diffConfig?(oldConfig: PropertyMap, newConfig: PropertyMap): Promise<{ replaces: string[] }>;
  /**
   * Validates and normalizes inputs: autonaming, defaults. `olds` are the inputs in the state. Without `autonaming` the provider
   * names resources by its own rule.
   */
  check(
    context: ProviderContext,
    olds: PropertyMap | undefined,
    news: PropertyMap,
    options: { randomSeed: Buffer; preview: boolean; autonaming?: Autonaming },
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }>;
  diff(
    context: ProviderContext,
    id: string,
    oldInputs: PropertyMap,
    oldOutputs: PropertyMap,
    newInputs: PropertyMap,
    options: { ignoreChanges: string[]; preview: boolean },
  ): Promise<DiffResult>;
  /** Creates the resource. In a preview nothing is created and `id` is empty. */
  create(
    context: ProviderContext,
    inputs: PropertyMap,
    options: { preview: boolean },
  ): Promise<{ id: string; outputs: PropertyMap }>;
  /** Reads the actual resource. Returns undefined if it is gone. */
  read(
    context: ProviderContext,
    id: string,
    inputs: PropertyMap | undefined,
    outputs: PropertyMap | undefined,
  ): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined>;
  update(
    context: ProviderContext,
    id: string,
    oldInputs: PropertyMap,
    oldOutputs: PropertyMap,
    newInputs: PropertyMap,
    options: { ignoreChanges: string[]; preview: boolean },
  ): Promise<{ outputs: PropertyMap }>;
  /** Deletes the resource and waits until it is gone. A resource that is already gone is not an error. */
  delete(context: ProviderContext, id: string, inputs: PropertyMap, outputs: PropertyMap): Promise<void>;
  /** Calls a function of the package, by its token. @default - the package has none */
  invoke?(token: string, args: PropertyMap): Promise<PropertyMap>;
  close(): Promise<void>;
}

/** A resource was created or changed and then failed, such as a Deployment that does not become ready. Its state is kept. */
export class PartialFailure extends Error {
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly reasons: string[];

  constructor(id: string, outputs: PropertyMap, reasons: string[]) {
    super(reasons.join("\n"));
    this.name = "PartialFailure";
    this.id = id;
    this.outputs = outputs;
    this.reasons = reasons;
  }
}

/** Creates the provider of a package, such as `kubernetes`; returns undefined for an unknown package. */
export type ProviderFactory = (packageName: string, version: string | undefined) => Provider | undefined;
