import { checkpointText } from "./backend.ts";
import { durableWrite } from "./durable-write.ts";
import type { OperationType, PendingOperation, ResourceState } from "./resource-state.ts";
import { serializeResource } from "./serialize.ts";
import { stateFileBytes } from "./state-file.ts";
import type { SecretWriter } from "./serialize.ts";

export interface JournalOptions {
  /** Undefined in a preview: nothing is ever written. */
  file?: string;
  fullName: string;
  salt: string;
  secrets: SecretWriter;
  /** Called before and after each write of the state; a test kills the process here. */
  onWrite?: (moment: "before" | "after") => void;
}

/**
 * Keeps the state of a run in memory and writes it. Resources of this run come first, in the order in which they were finished,
 * then those of the last run that this one has not reached. So parents, providers and dependencies always come before their
 * dependents. Requests to save during a write share the next write.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #fresh = new Set<ResourceState>();
  readonly #base: Set<ResourceState>;
  readonly #pending: Set<PendingOperation>;
  readonly #texts = new WeakMap<ResourceState, string>();
  readonly #renamed = new Map<string, string>();
  #dirty = false;
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(options: JournalOptions, base: readonly ResourceState[], pending: readonly PendingOperation[]) {
    this.#options = options;
    this.#base = new Set(base);
    this.#pending = new Set(pending);
  }

  /** Returns every resource, in the order in which it would be written now. */
  resources(): ResourceState[] {
    return [...this.#fresh, ...this.#base];
  }

  /** Returns the resources of the last run that this run has neither replaced in the state nor deleted. */
  remaining(): ResourceState[] {
    return [...this.#base];
  }

  pending(): PendingOperation[] {
    return [...this.#pending];
  }

  /** Records durably that an operation starts. */
  async begin(type: OperationType, resource: ResourceState): Promise<PendingOperation> {
    const operation = { type, resource };
    this.#pending.add(operation);
    await this.save();
    return operation;
  }

  /** Adds a resource and removes its old state. The next `save` writes it. */
  put(state: ResourceState, old?: ResourceState): void {
    this.#texts.delete(state);
    if (old) this.drop(old);
    if (old && old.urn !== state.urn) this.#renamed.set(old.urn, state.urn);
    this.#fresh.add(state);
    if (this.#options.file === undefined) return;
    this.#dirty ||= !old || this.#text(state) !== this.#text(old);
  }

  /** Adds a resource whose interrupted create was finished, to the resources of the last run. */
  restore(state: ResourceState): void {
    this.#texts.delete(state);
    this.#base.add(state);
    this.#dirty = true;
  }

  drop(state: ResourceState): void {
    this.#base.delete(state);
    this.#fresh.delete(state);
  }

  /** Must be called after a resource in the journal was changed in place. */
  touch(state: ResourceState): void {
    this.#texts.delete(state);
    this.#dirty = true;
  }

  /** Ends an operation and writes its result durably; call `put`, `drop` or `touch` for the result before. */
  async end(...operations: PendingOperation[]): Promise<void> {
    for (const operation of operations) this.#pending.delete(operation);
    await this.save();
  }

  /** Writes the state if it has unwritten changes. */
  async flush(): Promise<void> {
    if (this.#dirty) await this.save();
    await this.#writing;
  }

  /** Resolves once all changes so far are on disk. */
  save(): Promise<void> {
    this.#dirty = true;
    this.#next ??= this.#writing.then(
      () => this.#write(),
      () => this.#write(),
    );
    return this.#next;
  }

  async #write(): Promise<void> {
    this.#writing = this.#next ?? this.#writing;
    this.#next = undefined;
    if (this.#options.file === undefined) return;
    this.#dirty = false;
    const resources = this.resources().map((state) => this.#text(this.#withNewNames(state)));
    const pending = this.pending().map(
      ({ type, resource }) => `{"resource":${this.#text(this.#withNewNames(resource))},"type":"${type}"}`,
    );
    const { file, fullName, salt, onWrite } = this.#options;
    onWrite?.("before");
    const text = checkpointText(fullName, salt, resources, pending);
    await durableWrite(file, stateFileBytes(file, text));
    onWrite?.("after");
  }

  #text(state: ResourceState): string {
    let text = this.#texts.get(state);
    if (text === undefined) {
      text = JSON.stringify(serializeResource(state, this.#options.secrets));
      this.#texts.set(state, text);
    }
    return text;
  }

  /** Updates references of a resource that this run has not reached to resources that it renamed by an alias. */
  #withNewNames(state: ResourceState): ResourceState {
    if (this.#renamed.size === 0) return state;
    const now = (urn: string): string => this.#renamed.get(urn) ?? urn;
    const refersToOld = [
      ...state.dependencies,
      ...Object.values(state.propertyDependencies).flat(),
      state.parent ?? "",
      state.deletedWith ?? "",
      state.provider?.slice(0, state.provider.lastIndexOf("::")) ?? "",
    ].some((urn) => this.#renamed.has(urn));
    if (!refersToOld) return state;
    const at = state.provider?.lastIndexOf("::") ?? 0;
    state.dependencies = state.dependencies.map(now);
    for (const [key, urns] of Object.entries(state.propertyDependencies))
      state.propertyDependencies[key] = urns.map(now);
    if (state.parent) state.parent = now(state.parent);
    if (state.deletedWith) state.deletedWith = now(state.deletedWith);
    if (state.provider) state.provider = now(state.provider.slice(0, at)) + state.provider.slice(at);
    this.#texts.delete(state);
    return state;
  }
}
