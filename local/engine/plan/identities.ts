import { makeUrn } from "../urn.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { RegistrationError } from "./registration-error.ts";
import type { RunContext } from "./run-context.ts";

/** Matches the resources of a run with those of the last one, by urn and by alias. */
export class Identities {
  readonly #run: RunContext;
  /** The state that the last run left, by urn. */
  readonly #olds = new Map<string, ResourceState>();
  readonly #claimed = new Set<ResourceState>();
  /** Urns that the program has registered or read. */
  readonly #seen = new Set<string>();
  /** Urn → the urn in the last run, for resources that were found by an alias. */
  readonly #formerUrns = new Map<string, string>();

  constructor(run: RunContext) {
    this.#run = run;
    for (const state of run.journal.remaining()) if (!state.delete) this.#olds.set(state.urn, state);
  }

  /** Returns the urn of a resource that the program names. Throws RegistrationError for a duplicate. */
  enter(goal: { type: string; name: string; parent?: string }): string {
    this.#run.signal.throwIfAborted();
    const { stack, project } = this.#run;
    const urn = makeUrn({ stack, project, parent: goal.parent, type: goal.type, name: goal.name });
    if (this.#seen.has(urn))
      throw new RegistrationError(`duplicate resource ${urn}: give one of the two another name`);
    this.#seen.add(urn);
    return urn;
  }

  /** Returns the resource of the last run that has this urn or one of the aliases; each is returned once. */
  claim(urn: string, aliases: readonly string[]): ResourceState | undefined {
    for (const candidate of [urn, ...aliases]) {
      const old = this.#olds.get(candidate);
      if (old && !this.#claimed.has(old)) return this.adopt(urn, old);
    }
    return undefined;
  }

  /** Makes `old` the former state of the resource `urn`. */
  adopt(urn: string, old: ResourceState): ResourceState {
    this.#claimed.add(old);
    if (old.urn !== urn) this.#formerUrns.set(urn, old.urn);
    return old;
  }

  /** The urn of the last run, if it was another one. */
  formerUrn(urn: string): string | undefined {
    return this.#formerUrns.get(urn);
  }

  /** The former state under the urn of an interrupted create, unless the program has registered that urn. */
  unregistered(urn: string): ResourceState | undefined {
    return this.#seen.has(urn) ? undefined : this.#olds.get(urn);
  }

  /** True for a resource that the program did not register, and for one that was replaced. */
  isUnwanted(state: ResourceState): boolean {
    return state.delete === true || (!this.#claimed.has(state) && !this.#seen.has(state.urn));
  }
}
