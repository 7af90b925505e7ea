import type { Provider } from "../provider.ts";
import { PartialFailure } from "../provider.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { forProvider, sealedOutputs } from "../values/values.ts";
import { providerContext, reasonsOf } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/**
 * Finishes the operations that a stopped run started. A create is repeated with the same inputs, so that the provider finds
 * the resource if it was created; an update is repeated; after a delete the provider reads whether the resource still exists.
 */
export class Recovery {
  readonly #run: RunContext;
  readonly #operations: Set<PendingOperation>;

  constructor(run: RunContext) {
    this.#run = run;
    this.#operations = new Set(run.journal.pending());
  }

  get creates(): PendingOperation[] {
    return [...this.#operations].filter(({ type }) => type === "creating");
  }

  creating(urns: readonly string[]): PendingOperation | undefined {
    return this.#find("creating", ({ urn }) => urns.includes(urn));
  }

  updating(old: ResourceState | undefined): PendingOperation | undefined {
    return old && this.#find("updating", ({ urn, id }) => urn === old.urn && id === old.id);
  }

  deleting(old: ResourceState | undefined): PendingOperation | undefined {
    return old && this.#find("deleting", ({ urn, id }) => urn === old.urn && id === old.id);
  }

  /**
   * Finishes a create. Returns the resource, which is then in the state as if the last run had written it, or undefined if
   * the provider refuses: then the resource is created anew.
   * @param old - the resource that the stopped run was replacing
   */
  async finishCreate(
    operation: PendingOperation,
    old: ResourceState | undefined,
    provider: Provider,
  ): Promise<ResourceState | undefined> {
    const { journal, listener } = this.#run;
    const state: ResourceState = { ...operation.resource, created: operation.resource.created };
    listener.log("info", "finishing a creation that an interrupted run started", state.urn);
    try {
      const context = providerContext(this.#run, state, "create");
      const created = await provider.create(context, forProvider(state.inputs), { preview: false });
      state.id = created.id;
      state.outputs = created.outputs;
    } catch (error) {
      if (!(error instanceof PartialFailure)) {
        listener.log(
          "warning",
          `an interrupted creation could not be finished: ${reasonsOf(error).join("; ")}`,
          state.urn,
        );
        return undefined;
      }
      state.id = error.id;
      state.outputs = error.outputs;
      state.initErrors = error.reasons;
    }
    state.outputs = sealedOutputs(state.outputs, state.inputs, state.additionalSecretOutputs);
    if (old?.pendingReplacement) journal.drop(old);
    else if (old) {
      old.delete = true;
      journal.touch(old);
    }
    journal.restore(state);
    this.#operations.delete(operation);
    await journal.end(operation);
    return state;
  }

  /** Finishes a delete. Returns true if the resource is gone; it is then removed from the state. */
  async isGone(operation: PendingOperation, old: ResourceState, provider: Provider): Promise<boolean> {
    const context = providerContext(this.#run, old, "delete");
    const found = await provider.read(
      context,
      old.id ?? "",
      forProvider(old.inputs),
      forProvider(old.outputs),
    );
    this.#operations.delete(operation);
    if (!found) this.#run.journal.drop(old);
    await this.#run.journal.end(operation);
    return !found;
  }

  resolve(operation: PendingOperation | undefined): void {
    if (operation) this.#operations.delete(operation);
  }

  #find(
    type: PendingOperation["type"],
    test: (state: ResourceState) => boolean,
  ): PendingOperation | undefined {
    for (const operation of this.#operations) {
      if (operation.type === type && test(operation.resource)) return operation;
    }
    return undefined;
  }
}
