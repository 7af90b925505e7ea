/** One operation on one resource, with its place in the order of a run's events. */
export interface SeenStep {
  op: string;
  urn: string;
  started: number;
  /** @default - the engine tells no end: it does not for components */
  ended?: number;
  /** Path → kind of its change. */
  diff?: Record<string, string>;
}

/** A resource of the state, in the form of Pulumi's checkpoint. Secrets are decrypted: `{ SIGNATURE, plaintext }`. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  delete?: boolean;
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  initErrors?: string[];
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [key: string]: unknown;
}

/** What one operation of one engine did. Default providers are left out. */
export interface Outcome {
  ok: boolean;
  steps: SeenStep[];
  /** Urns of the resources that failed. */
  failed: string[];
  /** State before and after the operation. */
  before: StateResource[];
  after: StateResource[];
  /** Outputs that a preview shows; secrets are masked. */
  previewOutputs?: Record<string, unknown>;
  /** Why it failed, in the engine's own words: shown, and not compared. */
  messages: string[];
}

/** `type name` of a resource. */
export function nameOf(urn: string): string {
  const [, , type = "", ...name] = urn.split("::");
  return `${type.split("$").at(-1)} ${name.join("::")}`;
}
