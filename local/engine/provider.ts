import type { PropertyMap } from "./values/property-value.ts";

export interface CheckFailure {
  /** Property path, such as `spec.replicas`; empty for the resource as a whole. */
  property: string;
  reason: string;
}

export type DiffKind = "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface PropertyDiff {
  kind: DiffKind;
  /** True where the old value is an input and not an output of the provider. */
  inputDiff: boolean;
}

export interface DiffResult {
  changes: boolean;
  /** Paths of the properties that force a replacement; empty means update in place. */
  replaces: string[];
  /** The old resource has to go before the new one can be made (they would share a name). */
  deleteBeforeReplace: boolean;
  /** Path → what happens to it. */
  detailedDiff: Record<string, PropertyDiff>;
}

/**
 * The name that the stack's `pulumi:autonaming` gives a resource whose program leaves the name out: `propose` may be
 * changed to fit the rules of the kind, `enforce` may not, and `disable` asks for an error instead of a generated name.
 * Values are those of `pulumirpc.CheckRequest.AutonamingOptions`.
 */
export type Autonaming = { mode: "propose" | "enforce"; proposedName: string } | { mode: "disable" };

/** What a provider is told with every call. `type` and `name` are those of the urn. */
export interface ProviderContext {
  urn: string;
  type: string;
  name: string;
  /** Ends when the operation's custom timeout passes or the user interrupts. */
  signal: AbortSignal;
  /** From `customTimeouts` of this operation. @default - the provider's own */
  timeoutSeconds?: number;
  /** A line of status, shown beside the resource while it is worked on. */
  status(message: string): void;
  /** A diagnostic that stays after the run. */
  log(severity: "debug" | "info" | "warning" | "error", message: string): void;
}

/**
 * The part of Pulumi's resource provider protocol that the engine needs, without the wire.
 * Semantics are those of `pulumirpc.ResourceProvider`. Secrets are stripped before every call and put back
 * on what returns (an output whose name equals that of a secret input is secret); unknowns appear only where
 * `preview` is true.
 */
export interface Provider {
  /** Checks the provider's own configuration. Called once per provider resource, before any other method. */
  configure(config: PropertyMap, preview: boolean): Promise<void>;
  /**
   * Says which keys of the provider's config force its replacement, because the new config leads to another place (another
   * cluster, another account): then everything that the provider manages is replaced too. Called on an instance of its
   * own that was never configured. Either config may hold unknowns in a preview.
   * @default - none: a provider whose config changes is configured again in place
   */
  diffConfig?(oldConfig: PropertyMap, newConfig: PropertyMap): Promise<{ replaces: string[] }>;
  /**
   * Validates and normalizes inputs: autonaming, defaults. `olds` are the inputs of the resource as it stands.
   * `autonaming` is absent where the stack's config says nothing, and then the provider names as it always does.
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
  /** Reads a resource as it is. Undefined if it is gone. */
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
  /** Deletes the resource and waits until it is gone. One that is gone already is no error. */
  delete(context: ProviderContext, id: string, inputs: PropertyMap, outputs: PropertyMap): Promise<void>;
  /** Calls a function of the package, by its token. @default - there are none */
  invoke?(token: string, args: PropertyMap): Promise<PropertyMap>;
  close(): Promise<void>;
}

/** A resource came into being (or changed) and then failed, such as a Deployment that never gets ready: its state is kept. */
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

/** Makes the provider for a package, such as `kubernetes`; undefined if there is none by that name. */
export type ProviderFactory = (packageName: string, version: string | undefined) => Provider | undefined;
