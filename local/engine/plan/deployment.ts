import type { Provider } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import type { StackConfig } from "../project/stack-config.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { containsUnknown, equalValues } from "../values/values.ts";
import { isProviderType, isStackType } from "../urn.ts";
import { aliasUrns } from "./aliases.ts";
import { applyGoal } from "./apply-goal.ts";
import { deleteAll } from "./deletions.ts";
import { Executor } from "./executor.ts";
import type { Goal, Registered } from "./goal.ts";
import { Identities } from "./identities.ts";
import { invokeFunction, type FunctionCall } from "./invoke-function.ts";
import { Outcomes } from "./outcomes.ts";
import { providerResource } from "./provider-resource.ts";
import { ProviderSelection } from "./provider-selection.ts";
import { ReadFailed, readResource, type ReadGoal } from "./read-resource.ts";
import { Recovery } from "./recovery.ts";
import { RegistrationError } from "./registration-error.ts";
import type { RunContext } from "./run-context.ts";

/** Changes a stack from the state of the last run to what a program registers, resource by resource. */
export class Deployment {
  readonly #run: RunContext;
  readonly #executor: Executor;
  readonly #recovery: Recovery;
  readonly #providers: ProviderSelection;
  readonly #identities: Identities;
  readonly #outcomes: Outcomes;
  /** Outputs that the program gave the stack; the state takes them once nothing has failed. */
  #stackOutputs: { state: ResourceState; outputs: PropertyMap } | undefined;

  constructor(run: RunContext, config: StackConfig) {
    this.#run = run;
    this.#executor = new Executor(run);
    this.#recovery = new Recovery(run);
    this.#providers = new ProviderSelection(config, (goal) => this.register(goal));
    this.#identities = new Identities(run);
    this.#outcomes = new Outcomes(run);
  }

  /** The state of a resource that this run has registered. */
  state(urn: string): ResourceState | undefined {
    return this.#outcomes.state(urn);
  }

  /** The states of all resources that this run has registered. */
  states(): ResourceState[] {
    return this.#outcomes.states();
  }

  get hasFailed(): boolean {
    return this.#outcomes.hasFailed;
  }

  /** Creates, updates or replaces one resource as the program wants it. A failed operation is a result; throws RegistrationError. */
  async register(goal: Goal): Promise<Registered> {
    const urn = this.#identities.enter(goal);
    const formerParent = goal.parent === undefined ? undefined : this.#identities.formerUrn(goal.parent);
    const aliases = aliasUrns(goal, this.#run, formerParent);
    const old = this.#identities.claim(urn, aliases);
    if (goal.importId && (old?.external || old?.id !== goal.importId))
      throw new RegistrationError(
        `${urn}: the offline engine cannot import; import ${goal.importId} with the pulumi CLI, or let the program create it`,
      );
    if (!goal.custom) this.#providers.inherit(urn, goal);
    return this.#outcomes.record({ op: old ? "update" : "create", urn, old }, async () => {
      const reference = await this.#providers.reference(goal);
      const culprit = this.#outcomes.failedNeed(goal, reference);
      if (culprit !== undefined) return this.#outcomes.skip(urn, culprit);
      const provider = await this.#provider(goal, reference);
      const machinery = {
        run: this.#run,
        executor: this.#executor,
        recovery: this.#recovery,
        identities: this.#identities,
        outcomes: this.#outcomes,
      };
      return applyGoal(machinery, { goal, urn, aliases, reference, provider, old });
    });
  }

  /** Reads a resource that is managed elsewhere. Throws ReadFailed: the protocol has no answer for a resource that is absent. */
  async read(goal: ReadGoal): Promise<Registered> {
    const urn = this.#identities.enter(goal);
    const old = this.#identities.claim(urn, []);
    const read = await this.#outcomes.record({ op: "read", urn, old }, async () => {
      const reference = await this.#providers.reference({ ...goal, custom: true });
      const culprit = this.#outcomes.failedNeed(goal, reference);
      if (culprit !== undefined || reference === undefined) return this.#outcomes.skip(urn, culprit ?? urn);
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

  /** Sets the outputs of a component or of the stack. An output that is unknown after a failure keeps its former value. */
  registerOutputs(urn: string, outputs: PropertyMap): void {
    const state = this.#outcomes.state(urn);
    if (!state) {
      if (this.#outcomes.failed(urn)) return;
      throw new RegistrationError(`${urn}: outputs of a resource that was not registered`);
    }
    const known: PropertyMap = {};
    for (const [key, value] of Object.entries(outputs)) {
      const former = state.outputs[key];
      if (this.#run.preview || !containsUnknown(value)) known[key] = value;
      else if (former !== undefined) known[key] = former;
    }
    if (isStackType(state.type)) this.#stackOutputs = { state, outputs: known };
    else this.#setOutputs(state, known);
  }

  /** Deletes resources that the program did not register. After a failure it deletes none: the program may not have got to them. */
  async finish(): Promise<void> {
    const { journal } = this.#run;
    if (!this.hasFailed) {
      if (this.#stackOutputs) this.#setOutputs(this.#stackOutputs.state, this.#stackOutputs.outputs);
      await this.#finishCreates();
      const doomed = journal.remaining().filter((state) => this.#identities.isUnwanted(state));
      for (const urn of await deleteAll(this.#run, this.#executor, this.#recovery, doomed))
        this.#outcomes.markFailed(urn);
    }
    await journal.flush();
  }

  /** Waits for the work in progress: a program that ended early may have left some. */
  settled(): Promise<void> {
    return this.#outcomes.settled();
  }

  /** Finishes the creates of a stopped run whose resources the program no longer registers, so that they can be deleted. */
  async #finishCreates(): Promise<void> {
    const { journal, preview, registry } = this.#run;
    for (const operation of preview ? [] : this.#recovery.creates) {
      const { provider, urn } = operation.resource;
      if (!provider) continue;
      const loaded = await registry.get(provider, () => journal.resources());
      await this.#recovery.finishCreate(operation, this.#identities.unregistered(urn), loaded);
    }
  }

  #setOutputs(state: ResourceState, outputs: PropertyMap): void {
    if (equalValues(state.outputs, outputs)) return;
    state.outputs = outputs;
    this.#run.journal.touch(state);
  }

  async #provider(goal: Goal, reference: string | undefined): Promise<Provider | undefined> {
    if (isProviderType(goal.type)) return providerResource(this.#run.registry, this.#run.comparing ?? false);
    if (reference === undefined) return undefined;
    return this.#run.registry.get(reference, () => this.#run.journal.resources());
  }
}
