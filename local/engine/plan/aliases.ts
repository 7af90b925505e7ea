import { isStackType, makeUrn, parseUrn, qualifiedUrn } from "../urn.ts";
import type { Alias, Goal } from "./goal.ts";

/**
 * Returns every urn that a resource may have had: those of its aliases and, if its parent was found in the state under another
 * urn, those that follow from the parent's.
 * @param parentWas - former urn of the parent, if the parent was found under another urn than its present one
 * @see pkg/resource/deploy/step_generator.go, generateAliases
 */
export function aliasUrns(
  goal: Pick<Goal, "type" | "name" | "parent" | "aliases">,
  place: { stack: string; project: string },
  parentWas: string | undefined,
): string[] {
  const urns = new Set<string>(goal.aliases.map((alias) => resolve(alias, goal, place)));
  if (goal.parent !== undefined && parentWas !== undefined) {
    const parentName = parseUrn(goal.parent).name;
    const inherit = (type: string, name: string): void => {
      urns.add(inheritedUrn(type, name, parentName, parentWas, place));
    };
    inherit(goal.type, goal.name);
    for (const alias of [...urns]) inherit(parseUrn(alias).type, parseUrn(alias).name);
  }
  urns.delete(makeUrn({ ...place, parent: goal.parent, type: goal.type, name: goal.name }));
  return [...urns];
}

function resolve(
  alias: Alias,
  goal: Pick<Goal, "type" | "name" | "parent">,
  place: { stack: string; project: string },
): string {
  if ("urn" in alias) return alias.urn;
  return makeUrn({
    stack: alias.stack || place.stack,
    project: alias.project || place.project,
    parent: alias.noParent ? undefined : alias.parentUrn || goal.parent,
    type: alias.type || goal.type,
    name: alias.name || goal.name,
  });
}

function inheritedUrn(
  type: string,
  name: string,
  parentName: string,
  parentWas: string,
  place: { stack: string; project: string },
): string {
  const parent = parseUrn(parentWas);
  // By convention a child is named `{parent}-something`: it followed its parent's former name.
  const formerName = name.startsWith(parentName) ? parent.name + name.slice(parentName.length) : name;
  const prefix = isStackType(parent.type) ? "" : `${parent.qualifiedType}$`;
  return qualifiedUrn(place.stack, place.project, prefix + type, formerName);
}
