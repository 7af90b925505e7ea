import { createHash } from "node:crypto";
import type { ProviderContext } from "../provider.ts";
import type { CustomTimeouts, ResourceState } from "../state/resource-state.ts";
import type { Journal } from "../state/journal.ts";
import type { PolicyPacks } from "../policy/policy-packs.ts";
import { parseUrn } from "../urn.ts";
import type { ProviderRegistry } from "./provider-registry.ts";
import type { SecretMask } from "../secret-mask.ts";
import type { Namer } from "./autonaming.ts";
import type { Listener } from "./step.ts";

/** How long a provider may take after its timeout to stop by itself and give a reason. */
const TIMEOUT_GRACE_MS = 10_000;

/** What all parts of one run share. */
export interface RunContext {
  stack: string;
  project: string;
  preview: boolean;
  /** Compares two plans: what `up` would refuse is planned, with a warning. @default false */
  comparing?: boolean;
  /** Plans a resource that a refresh cannot read as the last run left it, with a warning. @default false, an error */
  plansUnread?: boolean;
  journal: Journal;
  registry: ProviderRegistry;
  listener: Listener;
  /** Ends when the user interrupts. */
  signal: AbortSignal;
  /** Distinct per stack; part of the seed of generated names. */
  seedKey: string;
  limit: <T>(task: () => Promise<T>) => Promise<T>;
  /** Hides the secrets of the config in what the state keeps of failures. @default - there are none */
  mask?: SecretMask;
  /** Names resources as the stack's config says. @default - as their providers do */
  namer?: Namer;
  /** Judges each resource before it is changed. @default - no policies */
  policies?: PolicyPacks;
}

export function providerContext(
  run: RunContext,
  state: Pick<ResourceState, "urn" | "type" | "customTimeouts">,
  operation: keyof CustomTimeouts = "create",
): ProviderContext {
  const { urn, type } = state;
  const timeoutSeconds = state.customTimeouts?.[operation];
  const timeout = timeoutSeconds ? AbortSignal.timeout(timeoutSeconds * 1000 + TIMEOUT_GRACE_MS) : undefined;
  return {
    urn,
    type,
    name: parseUrn(urn).name,
    signal: timeout ? AbortSignal.any([run.signal, timeout]) : run.signal,
    ...(timeoutSeconds ? { timeoutSeconds } : {}),
    status: (message) => run.listener.status(urn, message),
    log: (severity, message) => run.listener.log(severity, message, urn),
  };
}

/**
 * The seed of a resource's generated name. It is derived, not drawn, so that a preview shows the name that the update
 * will give, and so that a run that was killed gives it again; what it replaces makes it another one.
 */
export function nameSeed(run: RunContext, urn: string, replacedId: string | undefined): Buffer {
  return createHash("sha256")
    .update([run.seedKey, urn, replacedId ?? ""].join("\0"))
    .digest();
}

/** An operation failed, and the listener has been told why. */
export class StepFailed extends Error {
  readonly reasons: string[];

  constructor(reasons: string[]) {
    super(reasons.join("\n"));
    this.name = "StepFailed";
    this.reasons = reasons;
  }
}

export function reasonsOf(error: unknown): string[] {
  if (error instanceof StepFailed) return error.reasons;
  return [error instanceof Error ? error.message : String(error)];
}
