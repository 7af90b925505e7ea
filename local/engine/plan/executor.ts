import type { DiffResult, Provider } from "../provider.ts";
import { PartialFailure } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { forProvider, sealedOutputs } from "../values/values.ts";
import { SecretMask, secretTextsIn } from "../secret-mask.ts";
import { isProviderType } from "../urn.ts";
import { providerContext, reasonsOf, StepFailed } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";
import type { Op, Step } from "./step.ts";

/** Runs one operation on one resource: informs the listener, calls the provider and updates the journal. Throws StepFailed. */
export class Executor {
  readonly #run: RunContext;

  constructor(run: RunContext) {
    this.#run = run;
  }

  /** @param replaced - the resource that the new one replaces: already deleted, or to be deleted at the end */
  async create(
    state: ResourceState,
    provider: Provider | undefined,
    options: { op?: Op; diff?: DiffResult; replaced?: ResourceState; resolves?: PendingOperation } = {},
  ): Promise<void> {
    const { journal, preview } = this.#run;
    const { op = "create", diff, replaced, resolves } = options;
    state.created = state.modified = new Date().toISOString();
    const settle = (): void => {
      const gone = replaced?.pendingReplacement || replaced?.external;
      journal.put(state, gone ? replaced : undefined);
      if (!replaced || gone) return;
      replaced.delete = true;
      journal.touch(replaced);
    };
    const step = { op, urn: state.urn, new: state, ...(replaced ? { old: replaced } : {}), ...reasons(diff) };
    await this.attempt(step, async () => {
      if (!provider) return settle();
      const pending = await this.#begin("creating", state);
      try {
        const context = providerContext(this.#run, state, "create");
        const created = await provider.create(context, forProvider(state.inputs), { preview });
        state.id = created.id;
        state.outputs = this.#outputs(state, created.outputs);
      } catch (error) {
        if (error instanceof PartialFailure) this.#keepPart(state, error, settle);
        await this.#end(pending, error instanceof PartialFailure ? resolves : undefined);
        throw error;
      }
      settle();
      await this.#end(pending, resolves);
    });
  }

  async update(
    state: ResourceState,
    old: ResourceState,
    provider: Provider | undefined,
    options: {
      diff: DiffResult;
      ignoreChanges: string[];
      resolves?: PendingOperation;
    },
  ): Promise<void> {
    const { journal, preview } = this.#run;
    const { diff, ignoreChanges, resolves } = options;
    state.modified = new Date().toISOString();
    await this.attempt({ op: "update", urn: state.urn, old, new: state, ...reasons(diff) }, async () => {
      if (!provider) return journal.put(state, old);
      const pending = await this.#begin("updating", state);
      try {
        const { outputs } = await provider.update(
          providerContext(this.#run, state, "update"),
          old.id ?? "",
          forProvider(old.inputs),
          forProvider(old.outputs),
          forProvider(state.inputs),
          { ignoreChanges, preview },
        );
        state.outputs = this.#outputs(state, outputs);
      } catch (error) {
        if (error instanceof PartialFailure) this.#keepPart(state, error, () => journal.put(state, old));
        await this.#end(pending, error instanceof PartialFailure ? resolves : undefined);
        throw error;
      }
      journal.put(state, old);
      await this.#end(pending, resolves);
    });
  }

  /** Deletes a resource. With `keepPlace`, the state keeps it as waiting for its replacement. */
  async delete(
    state: ResourceState,
    provider: Provider | undefined,
    options: { op: Op; keepPlace?: boolean; resolves?: PendingOperation },
  ): Promise<void> {
    const { journal, preview } = this.#run;
    await this.attempt({ op: options.op, urn: state.urn, old: state }, async () => {
      const pending = provider ? await this.#begin("deleting", state) : undefined;
      try {
        if (provider && !preview) {
          const context = providerContext(this.#run, state, "delete");
          await provider.delete(
            context,
            state.id ?? "",
            forProvider(state.inputs),
            forProvider(state.outputs),
          );
        }
      } catch (error) {
        await this.#end(pending);
        throw error;
      }
      if (options.keepPlace) {
        state.pendingReplacement = true;
        journal.touch(state);
      } else {
        journal.drop(state);
        journal.touch(state);
      }
      if (pending) await this.#end(pending, options.resolves);
    });
  }

  async same(state: ResourceState, old: ResourceState, resolves?: PendingOperation): Promise<void> {
    state.outputs = this.#outputs(state, old.outputs);
    await this.attempt({ op: "same", urn: state.urn, old, new: state }, async () => {
      this.#run.journal.put(state, old);
      if (resolves) await this.#run.journal.end(resolves);
    });
  }

  /** Runs a step and reports its start and its outcome. After an interrupt it throws the reason and does not start. */
  async attempt(step: Step, work: () => Promise<void> | void): Promise<void> {
    const { listener, limit, signal } = this.#run;
    await limit(async () => {
      signal.throwIfAborted();
      const started = performance.now();
      listener.stepStarted(step);
      try {
        await work();
      } catch (error) {
        const why = this.#masked(step.new ?? step.old, reasonsOf(error));
        listener.stepFailed(step, performance.now() - started, why);
        throw new StepFailed(why);
      }
      listener.stepDone(step, performance.now() - started);
    });
  }

  #outputs(state: ResourceState, outputs: PropertyMap): PropertyMap {
    return sealedOutputs(outputs, state.inputs, state.additionalSecretOutputs);
  }

  #keepPart(state: ResourceState, failure: PartialFailure, settle: () => void): void {
    state.id = failure.id;
    state.outputs = this.#outputs(state, failure.outputs);
    state.initErrors = this.#masked(state, failure.reasons);
    settle();
  }

  /** Hides the secrets of the resource: a provider's error may quote them. */
  #masked(state: ResourceState | undefined, reasons: readonly string[]): string[] {
    const own = new SecretMask(secretTextsIn(state?.inputs));
    return reasons.map((reason) => own.text(this.#run.mask?.text(reason) ?? reason));
  }

  /** Records the start of an operation. A provider resource exists in memory only and needs no record. */
  async #begin(type: PendingOperation["type"], state: ResourceState): Promise<PendingOperation | undefined> {
    return this.#run.preview || isProviderType(state.type) ? undefined : this.#run.journal.begin(type, state);
  }

  async #end(...pending: (PendingOperation | undefined)[]): Promise<void> {
    const operations = pending.filter((operation) => operation !== undefined);
    if (operations.length > 0 && !this.#run.preview) await this.#run.journal.end(...operations);
  }
}

function reasons(diff: DiffResult | undefined): Pick<Step, "detailedDiff" | "replaceReasons"> {
  if (!diff) return {};
  return {
    detailedDiff: diff.detailedDiff,
    ...(diff.replaces.length > 0 ? { replaceReasons: diff.replaces } : {}),
  };
}
