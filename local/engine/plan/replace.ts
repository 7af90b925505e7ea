import type { DiffResult, Provider } from "../provider.ts";
import type { PendingOperation, ResourceState } from "../state/resource-state.ts";
import { protectedMessage } from "./deletions.ts";
import type { Executor } from "./executor.ts";
import { dependentReplacements } from "./replace-dependents.ts";
import type { RunContext } from "./run-context.ts";

export interface Replacement {
  old: ResourceState;
  state: ResourceState;
  provider: Provider;
  diff: DiffResult;
  resolves?: PendingOperation;
}

/**
 * Replaces a resource. The new one is created first if both can exist at a time; the old one is then deleted at the end of the
 * run. With `deleteBeforeReplace` the old one is deleted first, together with the dependents that cannot exist without it.
 */
export async function replace(run: RunContext, executor: Executor, replacement: Replacement): Promise<void> {
  const { old, state, provider, diff, resolves } = replacement;
  // A run may take the protection off and replace the resource at once, as with the CLI.
  const isProtected = old.protect === true && state.protect === true;
  if (isProtected && !run.comparing) throw new Error(protectedMessage("replaced"));
  if (isProtected) run.listener.log("warning", protectedMessage("replaced"), old.urn);
  if (diff.deleteBeforeReplace) await deleteFirst(run, executor, old);
  await executor.create(state, provider, { op: "create-replacement", diff, replaced: old, resolves });
  await noteReplacement(executor, state, old, diff);
}

/** Reports a replacement as one step, after its parts are done or planned. */
export function noteReplacement(
  executor: Executor,
  state: ResourceState,
  old: ResourceState,
  diff: DiffResult | undefined,
): Promise<void> {
  const why = diff && { detailedDiff: diff.detailedDiff, replaceReasons: diff.replaces };
  return executor.attempt({ op: "replace", urn: state.urn, old, new: state, ...why }, () => undefined);
}

async function deleteFirst(run: RunContext, executor: Executor, old: ResourceState): Promise<void> {
  const dependents = await dependentReplacements(run, old, run.journal.remaining());
  const kept = dependents.find((state) => state.protect);
  if (kept && !run.comparing)
    throw new Error(`cannot be replaced: ${kept.urn} would be replaced with it, and is protected`);
  for (const state of [...dependents.reverse(), old]) {
    const provider =
      state.retainOnDelete || !state.provider
        ? undefined
        : await run.registry.get(state.provider, () => run.journal.resources());
    await executor.delete(state, provider, { op: "delete-replaced", keepPlace: true });
  }
}
