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

/** Time that a provider has after its timeout to stop by itself and give a reason, in milliseconds. */
const TIMEOUT_GRACE_MS = 10_000;

/** The parts that everything in one run shares. */
export interface RunContext {
  stack: string;
  project: string;
  preview: boolean;
  /** True if two plans are compared: operations that `up` would refuse are planned, with a warning. @default false */
  comparing?: boolean;
  /** Plans a resource that a refresh cannot read from its last state, with a warning. @default false: it is an error */
  plansUnread?: boolean;
  journal: Journal;
  registry: ProviderRegistry;
  listener: Listener;
  /** Aborted when the user interrupts. */
  signal: AbortSignal;
  /** Unique per stack; part of the seed of generated names. */
  seedKey: string;
  limit: <T>(task: () => Promise<T>) => Promise<T>;
  /** Hides the secrets of the config in failures that the state keeps. @default - no secrets */
  mask?: SecretMask;
  /** Names resources by the stack's config. @default - the providers name them */
  namer?: Namer;
  /** Check each resource before it is changed. @default - no policies */
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
 * Returns the seed of a resource's generated name. It is not random, so that a preview shows the name that the update will use,
 * and so that a run after a killed one uses it again. The id of the replaced resource makes a replacement's name differ.
 */
export function nameSeed(run: RunContext, urn: string, replacedId: string | undefined): Buffer {
  return createHash("sha256")
    .update([run.seedKey, urn, replacedId ?? ""].join("\0"))
    .digest();
}

/** An operation failed; the listener has the reasons. */
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
