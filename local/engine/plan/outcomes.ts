import type { ResourceState } from "../state/resource-state.ts";
import { parseProviderReference } from "../urn.ts";
import type { Goal, Registered } from "./goal.ts";
import { RegistrationError } from "./registration-error.ts";
import { reasonsOf, StepFailed, type RunContext } from "./run-context.ts";
import type { Step } from "./step.ts";

/** Keeps the outcome of each resource: its state, or that it failed or was skipped because a resource that it needs failed. */
export class Outcomes {
  readonly #run: RunContext;
  readonly #states = new Map<string, ResourceState>();
  readonly #failed = new Set<string>();
  readonly #inProgress = new Set<Promise<Registered>>();

  constructor(run: RunContext) {
    this.#run = run;
  }

  /** The state of a resource that this run has registered. */
  state(urn: string): ResourceState | undefined {
    return this.#states.get(urn);
  }

  /** The states of all resources that this run has registered. */
  states(): ResourceState[] {
    return [...this.#states.values()];
  }

  get hasFailed(): boolean {
    return this.#failed.size > 0;
  }

  /** True for a resource that failed or was skipped. */
  failed(urn: string): boolean {
    return this.#failed.has(urn);
  }

  markFailed(urn: string): void {
    this.#failed.add(urn);
  }

  /** Returns the urn of a failed resource that this one needs; undefined if there is none. */
  failedNeed(
    goal: Pick<Goal, "parent" | "dependencies"> & Partial<Goal>,
    reference: string | undefined,
  ): string | undefined {
    const urns = [...goal.dependencies, ...Object.values(goal.propertyDependencies ?? {}).flat()];
    for (const urn of [goal.parent, goal.deletedWith]) if (urn) urns.push(urn);
    if (reference) urns.push(parseProviderReference(reference).urn);
    return urns.find((urn) => this.#failed.has(urn));
  }

  /** Marks a resource as skipped because of another one. */
  skip(urn: string, because: string): undefined {
    this.#failed.add(urn);
    this.#run.listener.skipped(urn, because);
    return undefined;
  }

  /**
   * Runs the work on one resource and records its outcome. The work returns undefined for a skipped resource. Throws
   * RegistrationError, and the reason of an interrupt; any other error is a result.
   */
  record(
    attempt: Pick<Step, "op" | "urn" | "old">,
    work: () => Promise<ResourceState | undefined>,
  ): Promise<Registered> {
    const outcome = this.#outcome(attempt, work);
    this.#inProgress.add(outcome);
    return outcome.finally(() => this.#inProgress.delete(outcome));
  }

  /** Waits for the work in progress: a program that ended early may have left some. */
  async settled(): Promise<void> {
    while (this.#inProgress.size > 0) await Promise.allSettled(this.#inProgress);
  }

  async #outcome(
    attempt: Pick<Step, "op" | "urn" | "old">,
    work: () => Promise<ResourceState | undefined>,
  ): Promise<Registered> {
    const { urn } = attempt;
    try {
      const state = await work();
      if (!state) return { urn, id: "", outputs: {}, result: "skip" };
      this.#states.set(urn, state);
      return { urn, id: state.id ?? "", outputs: state.outputs, result: "success" };
    } catch (error) {
      if (error instanceof RegistrationError) throw error;
      if (this.#run.signal.aborted && !(error instanceof StepFailed)) throw error;
      if (!(error instanceof StepFailed)) this.#run.listener.stepFailed(attempt, 0, reasonsOf(error));
      this.#failed.add(urn);
      return { urn, id: "", outputs: {}, result: "fail" };
    }
  }
}
