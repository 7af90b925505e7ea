import type { Provider } from "../provider.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { isProviderType } from "../urn.ts";
import { neededBy } from "./dependents.ts";
import type { Executor } from "./executor.ts";
import type { RunContext } from "./run-context.ts";
import { StepFailed } from "./run-context.ts";
import type { Recovery } from "./recovery.ts";

/**
 * Deletes resources in parallel, each after its dependents. If one of them is protected, deletes none. Returns the urns of
 * those that could not be deleted.
 */
export async function deleteAll(
  run: RunContext,
  executor: Executor,
  recovery: Recovery,
  doomed: readonly ResourceState[],
): Promise<string[]> {
  const kept = doomed.filter((state) => state.protect && !state.delete);
  for (const { urn } of kept) {
    if (run.comparing) run.listener.log("warning", protectedMessage("deleted"), urn);
    else run.listener.fail(protectedMessage("deleted"), urn);
  }
  if (kept.length > 0 && !run.comparing) return kept.map(({ urn }) => urn);

  const dependents = neededBy(doomed);
  const doomedUrns = new Set(doomed.map(({ urn }) => urn));
  const failed: string[] = [];
  const done = new Map<ResourceState, Promise<boolean>>();

  const remove = (state: ResourceState): Promise<boolean> => {
    let result = done.get(state);
    if (!result) done.set(state, (result = removeAfterDependents(state)));
    return result;
  };
  const removeAfterDependents = async (state: ResourceState): Promise<boolean> => {
    const gone = await Promise.all((dependents.get(state) ?? []).map(remove));
    if (gone.includes(false)) {
      run.listener.skipped(state.urn, "a resource that depends on it could not be deleted");
      return false;
    }
    try {
      const provider = await providerToDelete(run, state, doomedUrns);
      const op = state.external ? "discard" : state.delete ? "delete-replaced" : "delete";
      await executor.delete(state, provider, { op, resolves: recovery.deleting(state) });
      return true;
    } catch (error) {
      if (!(error instanceof StepFailed) && !run.signal.aborted) throw error;
      failed.push(state.urn);
      return false;
    }
  };
  const outcomes = await Promise.allSettled(doomed.map(remove));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return failed;
}

/** Returns the provider that deletes a resource; undefined if the resource only leaves the state. */
async function providerToDelete(
  run: RunContext,
  state: ResourceState,
  doomed: ReadonlySet<string>,
): Promise<Provider | undefined> {
  if (!state.custom || state.external || state.retainOnDelete || state.pendingReplacement) return undefined;
  if (isProviderType(state.type) || !state.provider) return undefined;
  if (state.deletedWith && doomed.has(state.deletedWith)) return undefined;
  if (run.preview) return undefined;
  try {
    return await run.registry.get(state.provider, () => run.journal.resources());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    run.listener.stepFailed({ op: "delete", urn: state.urn, old: state }, 0, [why]);
    throw new StepFailed([why]);
  }
}

export function protectedMessage(verb: "deleted" | "replaced"): string {
  return `cannot be ${verb}: it is protected; take \`protect\` off in the program, run \`up\`, and try again`;
}
