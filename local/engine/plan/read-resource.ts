import type { Provider } from "../provider.ts";
import type { PropertyMap } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { UNKNOWN_SENTINEL } from "../values/signatures.ts";
import { forProvider, withSecretKeys } from "../values/values.ts";
import type { Executor } from "./executor.ts";
import { newGoal } from "./goal.ts";
import { newState } from "./new-state.ts";
import { providerContext } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

/** A resource could not be read. The listener has the reason; this error stops the part of the program that needs the resource. */
export class ReadFailed extends Error {
  constructor(urn: string) {
    super(`${urn} could not be read`);
  }
}

/** True for the message that the SDK logs about a ReadFailed: it repeats a failure that is already reported. */
export function repeatsReadFailure(message: string): boolean {
  return /urn:pulumi:\S+ could not be read/.test(message);
}

/** A parsed ReadResource request. */
export interface ReadGoal {
  type: string;
  name: string;
  id: string;
  parent?: string;
  inputs: PropertyMap;
  provider?: string;
  version?: string;
  dependencies: string[];
  additionalSecretOutputs: string[];
}

/** Reads a resource that is managed elsewhere and keeps it in the state as external. */
export async function readResource(
  run: RunContext,
  executor: Executor,
  request: {
    goal: ReadGoal;
    urn: string;
    reference: string;
    provider: Provider;
    old: ResourceState | undefined;
  },
): Promise<ResourceState> {
  const { goal, urn, reference, provider, old } = request;
  const { type, name, parent, inputs, dependencies, additionalSecretOutputs } = goal;
  const wanted = newGoal(type, name, { parent, inputs, dependencies, additionalSecretOutputs });
  const same = old?.external ? old : undefined;
  const state = newState({ goal: wanted, urn, inputs, aliases: [], provider: reference, old: same });
  state.external = true;
  state.id = goal.id;
  if (goal.id === UNKNOWN_SENTINEL) {
    state.id = "";
    return state;
  }
  await executor.attempt({ op: "read", urn, new: state, ...(old ? { old } : {}) }, async () => {
    const found = await provider.read(providerContext(run, state), goal.id, forProvider(inputs), undefined);
    if (!found) throw new Error(`no ${type} with id ${goal.id} was found`);
    state.outputs = withSecretKeys(found.outputs, additionalSecretOutputs);
    run.journal.put(state, old);
  });
  return state;
}
