import type { Provider } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import type { StackConfig } from "../project/stack-config.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { containsUnknown, equalValues, forProvider } from "../values/values.ts";
import { isProviderType, isStackType, makeUrn, parseProviderReference } from "../urn.ts";
import { aliasUrns } from "./aliases.ts";
import { decide } from "./decide.ts";
import { deleteAll } from "./deletions.ts";
import { Executor } from "./executor.ts";
import type { Goal, Registered } from "./goal.ts";
import { invokeFunction, type FunctionCall } from "./invoke-function.ts";
import { newState } from "./new-state.ts";
import { providerResource } from "./provider-resource.ts";
import { ProviderSelection } from "./provider-selection.ts";
import { ReadFailed, readResource, type ReadGoal } from "./read-resource.ts";
import { Recovery } from "./recovery.ts";
import { noteReplacement, replace } from "./replace.ts";
import type { Step } from "./step.ts";
import { reasonsOf, StepFailed, type RunContext } from "./run-context.ts";

/** A program asks for something that cannot be: the error goes back to the line that asked. */
export class RegistrationError extends Error {}

interface Work {
  goal: Goal;
  urn: string;
  aliases: string[];
  reference: string | undefined;
  provider: Provider | undefined;
  old: ResourceState | undefined;
}

/** Moves a stack from the state of the last run to what a program registers, resource by resource. */
export class Deployment {
  readonly #run: RunContext;
  readonly #executor: Executor;
  readonly #recovery: Recovery;
  readonly #providers: ProviderSelection;
  readonly #olds = new Map<string, ResourceState>();
  readonly #claimed = new Set<ResourceState>();
  readonly #seen = new Set<string>();
  /** Urn → the one under which the last run knew the resource, where an alias led there. */
  readonly #formerUrns = new Map<string, string>();
  readonly #states = new Map<string, ResourceState>();
  /** Urns of resources that failed, or were skipped because something that they need failed. */
  readonly #bad = new Set<string>();
  readonly #underWay = new Set<Promise<Registered>>();
  /** What the program wants the outputs of the stack to be; they become so once nothing has failed. */
  #stackOutputs: { state: ResourceState; outputs: PropertyMap } | undefined;

  constructor(run: RunContext, config: StackConfig) {
    this.#run = run;
    this.#executor = new Executor(run);
    this.#recovery = new Recovery(run);
    this.#providers = new ProviderSelection(config, (goal) => this.register(goal));
    for (const state of run.journal.remaining()) if (!state.delete) this.#olds.set(state.urn, state);
  }

  /** A resource as this run has registered it. */
  state(urn: string): ResourceState | undefined {
    return this.#states.get(urn);
  }

  /** Every resource that this run has registered. */
  states(): ResourceState[] {
    return [...this.#states.values()];
  }

  get hasFailed(): boolean {
    return this.#bad.size > 0;
  }

  /** Brings one resource to what the program wants. A failed operation is a result; throws RegistrationError. */
  async register(goal: Goal): Promise<Registered> {
    const urn = this.#enter(goal);
    const parentWas = goal.parent === undefined ? undefined : this.#formerUrns.get(goal.parent);
    const aliases = aliasUrns(goal, this.#run, parentWas);
    const old = this.#claim(urn, aliases);
    if (goal.importId && (old?.external || old?.id !== goal.importId))
      throw new RegistrationError(
        `${urn}: the offline engine cannot import; import ${goal.importId} with the pulumi CLI, or let the program create it`,
      );
    if (!goal.custom) this.#providers.inherit(urn, goal);
    return this.#guard({ op: old ? "update" : "create", urn, old }, async () => {
      const reference = await this.#providers.reference(goal);
      const culprit = this.#failedNeed(goal, reference);
      if (culprit !== undefined) return this.#skip(urn, culprit);
      const provider = await this.#provider(goal, reference);
      return this.#bring({ goal, urn, aliases, reference, provider, old });
    });
  }

  /** Looks up a resource that something else manages. Throws ReadFailed: the wire has no answer that says it is not there. */
  async read(goal: ReadGoal): Promise<Registered> {
    const urn = this.#enter(goal);
    const old = this.#claim(urn, []);
    const read = await this.#guard({ op: "read", urn, old }, async () => {
      const reference = await this.#providers.reference({ ...goal, custom: true });
      const culprit = this.#failedNeed(goal, reference);
      if (culprit !== undefined || reference === undefined) return this.#skip(urn, culprit ?? urn);
      const provider = await this.#run.registry.get(reference, () => this.#run.journal.resources());
      return readResource(this.#run, this.#executor, { goal, urn, reference, provider, old });
    });
    if (read.result !== "success") throw new ReadFailed(urn);
    return read;
  }

  /** Calls a function of a provider. */
  invoke(call: FunctionCall): Promise<PropertyMap> {
    return invokeFunction(this.#run, this.#providers, call);
  }

  /** Takes the outputs of a component or of the stack. An output that is unknown because something failed keeps its former value. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const state = this.#states.get(urn);
    if (!state) {
      if (this.#bad.has(urn)) return;
      throw new RegistrationError(`${urn}: outputs of a resource that was not registered`);
    }
    const known: PropertyMap = {};
    for (const [key, value] of Object.entries(outputs)) {
      const former = state.outputs[key];
      if (this.#run.preview || !containsUnknown(value)) known[key] = value;
      else if (former !== undefined) known[key] = former;
    }
    if (isStackType(state.type)) this.#stackOutputs = { state, outputs: known };
    else this.#take(state, known);
  }

  /** Deletes what the program did not register, unless something failed: then nothing is certain to be unwanted. */
  async finish(): Promise<void> {
    const { journal, preview, registry } = this.#run;
    if (!this.hasFailed) {
      if (this.#stackOutputs) this.#take(this.#stackOutputs.state, this.#stackOutputs.outputs);
      for (const operation of preview ? [] : this.#recovery.creates) {
        const { provider, urn } = operation.resource;
        if (!provider) continue;
        const owner = await registry.get(provider, () => journal.resources());
        await this.#recovery.finishCreate(
          operation,
          this.#seen.has(urn) ? undefined : this.#olds.get(urn),
          owner,
        );
      }
      const doomed = journal
        .remaining()
        .filter((state) => state.delete || (!this.#claimed.has(state) && !this.#seen.has(state.urn)));
      for (const urn of await deleteAll(this.#run, this.#executor, this.#recovery, doomed))
        this.#bad.add(urn);
    }
    await journal.flush();
  }

  /** Waits for what is under way; a program that ended badly may have left operations running. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
  }

  #take(state: ResourceState, outputs: PropertyMap): void {
    if (equalValues(state.outputs, outputs)) return;
    state.outputs = outputs;
    this.#run.journal.touch(state);
  }

  #enter(goal: { type: string; name: string; parent?: string }): string {
    this.#run.signal.throwIfAborted();
    const { stack, project } = this.#run;
    const urn = makeUrn({ stack, project, parent: goal.parent, type: goal.type, name: goal.name });
    if (this.#seen.has(urn)) {
      throw new RegistrationError(`duplicate resource ${urn}: give one of the two another name`);
    }
    this.#seen.add(urn);
    return urn;
  }

  #claim(urn: string, aliases: readonly string[]): ResourceState | undefined {
    for (const candidate of [urn, ...aliases]) {
      const old = this.#olds.get(candidate);
      if (!old || this.#claimed.has(old)) continue;
      this.#claimed.add(old);
      if (candidate !== urn) this.#formerUrns.set(urn, candidate);
      return old;
    }
    return undefined;
  }

  #guard(
    attempt: Pick<Step, "op" | "urn" | "old">,
    work: () => Promise<ResourceState | undefined>,
  ): Promise<Registered> {
    const outcome = this.#outcome(attempt, work);
    this.#underWay.add(outcome);
    return outcome.finally(() => this.#underWay.delete(outcome));
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
      this.#bad.add(urn);
      return { urn, id: "", outputs: {}, result: "fail" };
    }
  }

  #failedNeed(
    goal: Pick<Goal, "parent" | "dependencies"> & Partial<Goal>,
    reference: string | undefined,
  ): string | undefined {
    const urns = [...goal.dependencies, ...Object.values(goal.propertyDependencies ?? {}).flat()];
    for (const urn of [goal.parent, goal.deletedWith]) if (urn) urns.push(urn);
    if (reference) urns.push(parseProviderReference(reference).urn);
    return urns.find((urn) => this.#bad.has(urn));
  }

  #skip(urn: string, because: string): undefined {
    this.#bad.add(urn);
    this.#run.listener.skipped(urn, because);
    return undefined;
  }

  async #provider(goal: Goal, reference: string | undefined): Promise<Provider | undefined> {
    if (isProviderType(goal.type)) return providerResource(this.#run.registry, this.#run.comparing ?? false);
    if (reference === undefined) return undefined;
    return this.#run.registry.get(reference, () => this.#run.journal.resources());
  }

  async #bring(work: Work): Promise<ResourceState> {
    const run = this.#run;
    const { goal, urn, aliases, reference, provider } = work;
    const { old, begun, resolves } = await this.#recover(work);
    const formerUrn = (now: string): string => this.#formerUrns.get(now) ?? now;
    const question = {
      goal,
      urn,
      old,
      provider,
      reference,
      unsure: resolves !== undefined,
      begun,
      formerUrn,
      aliases,
      registered: (other: string) => this.#states.get(other),
    };
    const decision = await run.limit(() => decide(run, question));
    const wanted = { goal, urn, inputs: decision.inputs, aliases, provider: reference };
    if (old && (decision.kind === "same" || decision.kind === "update")) {
      const state = newState({ ...wanted, old });
      if (decision.kind === "update") {
        const { diff } = decision;
        const { ignoreChanges } = goal;
        await this.#executor.update(state, old, provider, { diff, ignoreChanges, resolves });
      } else await this.#executor.same(state, old, resolves);
      if (isProviderType(goal.type)) await run.registry.load(state, forProvider(state.inputs));
      return state;
    }
    const state = newState(wanted);
    if (old && provider && decision.kind === "replace") {
      const { diff } = decision;
      const deleteBeforeReplace = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace;
      await replace(run, this.#executor, { old, state, provider, diff, deleteBeforeReplace, resolves });
      return state;
    }
    const op = old?.pendingReplacement ? "create-replacement" : "create";
    await this.#executor.create(state, provider, { op, replaced: old, resolves });
    if (old?.pendingReplacement) await noteReplacement(this.#executor, state, old, undefined);
    return state;
  }

  /** Finishes what a stopped run began with this resource, before anything is decided about it. */
  async #recover({ urn, aliases, provider, old }: Work): Promise<{
    old: ResourceState | undefined;
    begun?: PropertyMap;
    resolves?: PendingOperation;
  }> {
    if (!provider) return { old };
    const creating = this.#recovery.creating([urn, ...aliases]);
    if (creating) {
      const begun = creating.resource.inputs;
      if (this.#run.preview) return { old, begun };
      const finished = await this.#recovery.finishCreate(creating, old, provider);
      if (!finished) {
        this.#recovery.resolve(creating);
        return { old, begun, resolves: creating };
      }
      this.#claimed.add(finished);
      if (finished.urn !== urn) this.#formerUrns.set(urn, finished.urn);
      return { old: finished };
    }
    const deleting = this.#recovery.deleting(old);
    if (deleting && old && !this.#run.preview && (await this.#recovery.isGone(deleting, old, provider))) {
      return { old: undefined };
    }
    const updating = this.#recovery.updating(old);
    this.#recovery.resolve(updating);
    return { old, resolves: updating };
  }
}
