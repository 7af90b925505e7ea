import type { DiffResult, Provider } from "../provider.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { detailedDifferences } from "../values/difference.ts";
import { parsePath, pathsTouch, withoutChangesAt } from "../values/property-path.ts";
import { equalValues, forProvider, withSecretsOf } from "../values/values.ts";
import { isDefaultProvider, parseProviderReference } from "../urn.ts";
import type { Goal } from "./goal.ts";
import { nameSeed, providerContext } from "./run-context.ts";
import type { RunContext } from "./run-context.ts";

export type Decision = { inputs: PropertyMap } & (
  | { kind: "create" }
  | { kind: "same" }
  | { kind: "update"; diff: DiffResult }
  | { kind: "replace"; diff: DiffResult }
);

export interface Question {
  goal: Goal;
  urn: string;
  old: ResourceState | undefined;
  /** Undefined for a component. */
  provider: Provider | undefined;
  /** Reference to the provider. */
  reference: string | undefined;
  /** True if the last run was stopped while it updated the resource: the state may be out of date. */
  unsure: boolean;
  /** Inputs with which a stopped run was creating the resource; names that were generated for them are kept. */
  begun: PropertyMap | undefined;
  /** Returns the urn that a provider had in the last run. */
  formerUrn: (urn: string) => string;
  aliases: string[];
  /** Returns a resource that this run has registered. */
  registered: (urn: string) => ResourceState | undefined;
}

/** Decides with the provider whether a resource stays the same or is created, updated or replaced. */
export async function decide(run: RunContext, question: Question): Promise<Decision> {
  const { goal, old, provider, unsure } = question;
  if (!provider) return decideComponent(await checkPolicies(run, question, goal.inputs), old);
  if (!old || old.pendingReplacement || old.external) {
    return { kind: "create", inputs: await check(run, question, question.begun, goal.inputs) };
  }
  const wanted = withoutChangesAt(goal.inputs, old.inputs, goal.ignoreChanges);
  const inputs = await check(run, question, old.inputs, wanted);
  const diff = await difference(run, question, old, inputs);
  if (diff.replaces.length > 0) {
    const fixedName = run.namer?.(question.urn, nameSeed(run, question.urn, old.id))?.deleteBeforeReplace;
    const deleteBeforeReplace = fixedName || (goal.deleteBeforeReplace ?? diff.deleteBeforeReplace);
    const inputs = await check(run, question, undefined, goal.inputs);
    return { kind: "replace", inputs, diff: { ...diff, deleteBeforeReplace } };
  }
  if (diff.changes || old.initErrors.length > 0 || unsure) return { kind: "update", inputs, diff };
  return { kind: "same", inputs };
}

function decideComponent(inputs: PropertyMap, old: ResourceState | undefined): Decision {
  if (!old) return { kind: "create", inputs };
  if (equalValues(old.inputs, inputs)) return { kind: "same", inputs };
  const detailedDiff = detailedDifferences(old.inputs, inputs);
  return {
    kind: "update",
    inputs,
    diff: { changes: true, replaces: [], deleteBeforeReplace: false, detailedDiff },
  };
}

/** Returns the inputs after the policies' remediations. Throws if a policy forbids the resource. */
async function checkPolicies(run: RunContext, question: Question, inputs: PropertyMap): Promise<PropertyMap> {
  if (!run.policies) return inputs;
  const { goal, urn, aliases, reference, registered } = question;
  const provider = reference === undefined ? undefined : registered(parseProviderReference(reference).urn);
  return run.policies.check({ ...goal, urn, aliases, inputs, provider });
}

async function check(
  run: RunContext,
  question: Question,
  olds: PropertyMap | undefined,
  news: PropertyMap,
): Promise<PropertyMap> {
  const { goal, urn, old, provider } = question;
  if (!provider) return news;
  const context = providerContext(run, { urn, type: goal.type });
  const randomSeed = nameSeed(run, urn, old?.id);
  const autonaming = run.namer?.(urn, randomSeed)?.autonaming;
  const options = { randomSeed, preview: run.preview, ...(autonaming ? { autonaming } : {}) };
  const checked = await provider.check(context, olds && forProvider(olds), forProvider(news), options);
  if (checked.failures.length > 0) {
    const reasons = checked.failures.map(({ property, reason }) =>
      property ? `${property}: ${reason}` : reason,
    );
    throw new Error(reasons.join("\n"));
  }
  return checkPolicies(run, question, withSecretsOf(checked.inputs, news));
}

async function difference(
  run: RunContext,
  question: Question,
  old: ResourceState,
  inputs: PropertyMap,
): Promise<DiffResult> {
  const { goal, urn, provider, reference } = question;
  if (!provider) throw new Error(`${urn}: a component has no provider to ask for a difference`);
  const move = await moveOf(run, question, old.provider, reference);
  // The new location's provider does not know the old resource. The two cannot collide, so the old one is deleted last.
  if (move === "to another place")
    return {
      changes: true,
      replaces: ["provider"],
      deleteBeforeReplace: false,
      detailedDiff: detailedDifferences(old.inputs, inputs),
    };
  const diff = await provider.diff(
    providerContext(run, { urn, type: goal.type }),
    old.id ?? "",
    forProvider(old.inputs),
    forProvider(old.outputs),
    forProvider(inputs),
    { ignoreChanges: goal.ignoreChanges, preview: run.preview },
  );
  const result = { ...diff, replaces: [...diff.replaces], detailedDiff: { ...diff.detailedDiff } };
  if (result.changes && Object.keys(result.detailedDiff).length === 0) {
    result.detailedDiff = detailedDifferences(old.inputs, inputs);
  }
  if (result.changes) forceReplacement(result, goal.replaceOnChanges);
  if (move === "to another provider") result.replaces.push("provider");
  if (isTriggered(old.replacementTrigger, goal.replacementTrigger))
    result.replaces.push("replacementTrigger");
  result.changes ||= result.replaces.length > 0;
  return result;
}

function forceReplacement(diff: DiffResult, replaceOnChanges: readonly string[]): void {
  const patterns = replaceOnChanges.map(parsePath);
  for (const [path, change] of Object.entries(diff.detailedDiff)) {
    const elements = parsePath(path);
    if (change.kind.endsWith("-replace") || !patterns.some((pattern) => pathsTouch(pattern, elements)))
      continue;
    diff.detailedDiff[path] = { ...change, kind: `${change.kind}-replace` as typeof change.kind };
    diff.replaces.push(path);
  }
}

/** True if the trigger changed. A resource that had no trigger before is not replaced. */
function isTriggered(old: PropertyValue | undefined, now: PropertyValue | undefined): boolean {
  return old !== undefined && now !== undefined && !equalValues(old, now);
}

/**
 * Returns how a resource moves: to another explicit provider, or to another place (such as another cluster) because its provider
 * was replaced or because the config of its default provider leads there. A new version of a default provider is no move.
 */
async function moveOf(
  run: RunContext,
  { formerUrn, registered }: Question,
  oldReference: string | undefined,
  newReference: string | undefined,
): Promise<"to another provider" | "to another place" | undefined> {
  if (!oldReference || !newReference) return undefined;
  const old = parseProviderReference(oldReference);
  const now = parseProviderReference(newReference);
  if (old.urn === now.urn || old.urn === formerUrn(now.urn))
    return old.id === now.id ? undefined : "to another place";
  if (!(isDefaultProvider(old.urn) && isDefaultProvider(now.urn))) return "to another provider";
  const oldProvider = run.journal.resources().find(({ urn, id }) => urn === old.urn && (id ?? "") === old.id);
  const newProvider = registered(now.urn);
  if (!oldProvider || !newProvider) return undefined;
  const keys = await run.registry.replacingKeys(newProvider.type, oldProvider.inputs, newProvider.inputs);
  return keys.length > 0 ? "to another place" : undefined;
}
