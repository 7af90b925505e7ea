import type { ChildProcess } from "node:child_process";
import type { PropertyMap } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { parseProviderReference } from "../urn.ts";
import { stackResource } from "./analyzer-request.ts";
import type { CheckedResource } from "./analyzer-request.ts";
import { PolicyPack } from "./policy-pack.ts";
import type { PolicyPackOptions } from "./policy-pack.ts";
import { PolicyPackError } from "./policy-violation.ts";
import type { PolicyPackInfo, PolicyViolation } from "./policy-violation.ts";

/** A resource violates mandatory policies; it is not changed. */
export class PolicyViolationError extends Error {}

type Shared = Omit<PolicyPackOptions, "path" | "policyConfig" | "engineAddress">;

/** The policy packs of one run. They start together with the program; the first resource waits for them. */
export class PolicyPacks {
  readonly #folders: readonly { path: string; config?: Record<string, unknown> }[];
  readonly #shared: Shared;
  #packs: Promise<PolicyPack[]> = Promise.resolve([]);
  readonly #children: ChildProcess[] = [];
  readonly #preview: boolean;
  readonly #onViolation: (violation: PolicyViolation) => void;
  readonly #reported = new Set<string>();
  #broken: PolicyPackError | undefined;
  #closed = false;

  constructor(
    folders: readonly { path: string; config?: Record<string, unknown> }[],
    shared: Shared & { onViolation: (violation: PolicyViolation) => void },
  ) {
    const { onViolation, ...rest } = shared;
    this.#folders = folders;
    this.#shared = rest;
    this.#preview = shared.preview;
    this.#onViolation = onViolation;
  }

  /** Starts each pack in its own process. Must be called once, before the first resource is checked. */
  start(engineAddress: string): void {
    const start = ({
      path,
      config = {},
    }: {
      path: string;
      config?: Record<string, unknown>;
    }): Promise<PolicyPack> =>
      PolicyPack.start({ ...this.#shared, engineAddress, path, policyConfig: config }, (child) => {
        this.#children.push(child);
        if (this.#closed) child.kill("SIGKILL");
      });
    this.#packs = this.#watch(Promise.all(this.#folders.map(start)));
    this.#packs.catch(() => undefined);
  }

  /** Returns the names, versions and policies of the packs after they have started. */
  async info(): Promise<PolicyPackInfo[]> {
    return (await this.#packs).map(({ info }) => info);
  }

  /**
   * Checks a resource with every pack, reports the violations and returns the inputs after remediations. Outside of a preview,
   * throws PolicyViolationError if the resource violates a mandatory policy.
   */
  check(resource: CheckedResource): Promise<PropertyMap> {
    return this.#watch(this.#check(resource));
  }

  /** Checks all resources of a stack together, after the program has ended. */
  analyzeStack(states: readonly ResourceState[]): Promise<void> {
    return this.#watch(this.#analyzeStack(states));
  }

  /** Throws if a pack could not be loaded or failed. A resource's own failure may have hidden that. */
  throwIfBroken(): void {
    if (this.#broken) throw this.#broken;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const child of this.#children) child.kill("SIGKILL");
    for (const pack of await this.#packs.catch(() => [])) pack.close();
  }

  async #check(resource: CheckedResource): Promise<PropertyMap> {
    const packs = await this.#packs;
    let { inputs } = resource;
    for (const pack of packs) {
      const remedied = await pack.remediate({ ...resource, inputs });
      inputs = remedied.inputs ?? inputs;
      remedied.violations.forEach((violation) => this.#report(violation));
    }
    const found = await Promise.all(packs.map((pack) => pack.analyze({ ...resource, inputs })));
    const violations = found.flat();
    violations.forEach((violation) => this.#report(violation));
    const mandatory = violations.filter(({ enforcement }) => enforcement === "mandatory");
    if (mandatory.length > 0 && !this.#preview) {
      const messages = mandatory.map(({ policy, message }) => `policy ${policy}: ${message}`);
      throw new PolicyViolationError(messages.join("\n"));
    }
    return inputs;
  }

  async #analyzeStack(states: readonly ResourceState[]): Promise<void> {
    const byUrn = new Map(states.map((state) => [state.urn, state]));
    const providerOf = ({ provider }: ResourceState): ResourceState | undefined =>
      provider === undefined ? undefined : byUrn.get(parseProviderReference(provider).urn);
    const resources = states
      .filter(({ external }) => !external)
      .map((state) => stackResource(state, providerOf(state)));
    const found = await Promise.all((await this.#packs).map((pack) => pack.analyzeStack(resources)));
    found.flat().forEach((violation) => this.#report(violation));
  }

  /** Reports each violation once: a replaced resource is checked twice. */
  #report(violation: PolicyViolation): void {
    const key = JSON.stringify(violation);
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.#onViolation(violation);
  }

  #watch<T>(work: Promise<T>): Promise<T> {
    return work.catch((error: unknown) => {
      if (error instanceof PolicyPackError) this.#broken ??= error;
      throw error;
    });
  }
}
