import type { PropertyMap } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import type { Goal } from "./goal.ts";

/** Returns the state of a resource for a goal, with the id, outputs and times of the old one; a new resource gets them later. */
export function newState(options: {
  goal: Goal;
  urn: string;
  inputs: PropertyMap;
  aliases: string[];
  provider: string | undefined;
  old?: ResourceState;
}): ResourceState {
  const { goal, urn, inputs, aliases, provider, old } = options;
  return {
    urn,
    type: goal.type,
    custom: goal.custom,
    ...(old?.id ? { id: old.id } : {}),
    inputs,
    outputs: old?.outputs ?? {},
    ...(goal.parent ? { parent: goal.parent } : {}),
    protect: goal.protect ?? false,
    dependencies: [...goal.dependencies].sort(),
    propertyDependencies: sorted(goal.propertyDependencies),
    initErrors: [],
    ...(provider ? { provider } : {}),
    additionalSecretOutputs: goal.additionalSecretOutputs,
    aliases,
    ...(goal.customTimeouts ? { customTimeouts: goal.customTimeouts } : {}),
    retainOnDelete: goal.retainOnDelete ?? false,
    ...(goal.deletedWith ? { deletedWith: goal.deletedWith } : {}),
    ...(old?.created ? { created: old.created } : {}),
    ...(old?.modified ? { modified: old.modified } : {}),
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    ...(goal.replacementTrigger === undefined ? {} : { replacementTrigger: goal.replacementTrigger }),
    hideDiffs: goal.hideDiffs,
  };
}

function sorted(map: Record<string, string[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, [...(map[key] ?? [])].sort()]),
  );
}
