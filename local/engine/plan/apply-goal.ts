import type { Provider } from "../provider.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { isProviderType } from "../urn.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { forProvider } from "../values/values.ts";
import { decide } from "./decide.ts";
import type { Executor } from "./executor.ts";
import type { Goal } from "./goal.ts";
import type { Identities } from "./identities.ts";
import { newState } from "./new-state.ts";
import type { Outcomes } from "./outcomes.ts";
import type { Recovery } from "./recovery.ts";
import { noteReplacement, replace } from "./replace.ts";
import type { RunContext } from "./run-context.ts";

/** The parts of a deployment that work on a resource. */
export interface Machinery {
  run: RunContext;
  executor: Executor;
  recovery: Recovery;
  identities: Identities;
  outcomes: Outcomes;
}

/** One resource, its goal and its former state. */
export interface Work {
  goal: Goal;
  urn: string;
  aliases: string[];
  /** Reference to the provider, `URN::ID`. */
  reference: string | undefined;
  provider: Provider | undefined;
  old: ResourceState | undefined;
}

/** Creates, updates or replaces a resource until it is as the goal says, and returns its new state. */
export async function applyGoal(machinery: Machinery, work: Work): Promise<ResourceState> {
  const { run, executor, identities, outcomes } = machinery;
  const { goal, urn, aliases, reference, provider } = work;
  const { old, begun, resolves } = await recover(machinery, work);
  const question = {
    goal,
    urn,
    old,
    provider,
    reference,
    unsure: resolves !== undefined,
    begun,
    formerUrn: (now: string) => identities.formerUrn(now) ?? now,
    aliases,
    registered: (other: string) => outcomes.state(other),
  };
  const decision = await run.limit(() => decide(run, question));
  const wanted = { goal, urn, inputs: decision.inputs, aliases, provider: reference };
  if (old && (decision.kind === "same" || decision.kind === "update")) {
    const state = newState({ ...wanted, old });
    if (decision.kind === "update") {
      const { diff } = decision;
      const { ignoreChanges } = goal;
      await executor.update(state, old, provider, { diff, ignoreChanges, resolves });
    } else await executor.same(state, old, resolves);
    if (isProviderType(goal.type)) await run.registry.load(state, forProvider(state.inputs));
    return state;
  }
  const state = newState(wanted);
  if (old && provider && decision.kind === "replace") {
    const { diff } = decision;
    if (goal.importId) refuseReplacement(run, urn, goal.importId);
    await replace(run, executor, { old, state, provider, diff, resolves });
    await afterCreation(run, goal, state);
    return state;
  }
  const op = old?.pendingReplacement ? "create-replacement" : "create";
  await executor.create(state, provider, { op, replaced: old, resolves });
  if (old?.pendingReplacement) await noteReplacement(executor, state, old, undefined);
  await afterCreation(run, goal, state);
  return state;
}

async function afterCreation(run: RunContext, { onCreated }: Goal, state: ResourceState): Promise<void> {
  if (!run.preview) await onCreated?.({ ...state, id: state.id ?? "" });
}

/** Refuses to replace a resource that the program says has an id already; a preview warns and shows the replacement. */
function refuseReplacement(run: RunContext, urn: string, importId: string): void {
  const message = `cannot be replaced: its option import names ${importId}; remove the option from the program`;
  if (!run.preview) throw new Error(message);
  run.listener.log("warning", message, urn);
}

/** Finishes the operation on this resource that a stopped run left, before anything is decided about the resource. */
async function recover(
  { run, recovery, identities }: Machinery,
  { urn, aliases, provider, old }: Work,
): Promise<{
  old: ResourceState | undefined;
  /** Inputs with which the stopped run was creating the resource. */
  begun?: PropertyMap;
  /** Operation of the stopped run that the next one on this resource settles. */
  resolves?: PendingOperation;
}> {
  if (!provider) return { old };
  const creating = recovery.creating([urn, ...aliases]);
  if (creating) {
    const begun = creating.resource.inputs;
    if (run.preview) return { old, begun };
    const finished = await recovery.finishCreate(creating, old, provider);
    if (finished) return { old: identities.adopt(urn, finished) };
    recovery.resolve(creating);
    return { old, begun, resolves: creating };
  }
  const deleting = recovery.deleting(old);
  if (deleting && old && !run.preview && (await recovery.isGone(deleting, old, provider)))
    return { old: undefined };
  const updating = recovery.updating(old);
  recovery.resolve(updating);
  return { old, resolves: updating };
}
