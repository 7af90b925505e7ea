import { z } from "zod";
import type { Finding } from "./finding.ts";
import { plannedOf, type PlannedResource } from "./planned-resource.ts";

const FIX = "choose another cloud.prefix; if it is this stack's own, use the backend that has its state";
/** Names that one line of a table has room for. */
const SHOWN = 3;

/** A name that a plan gives a resource. */
export interface PlannedName {
  name: string;
  /** Whether the stack of the resource was deployed before. */
  deployed: boolean;
}

/** Returns the names of the planned resources of a type: the values of one input. */
export function plannedNames(
  planned: readonly PlannedResource[],
  type: string,
  input: string,
): PlannedName[] {
  return plannedOf(planned, type, z.looseObject({ [input]: z.string() })).map(({ inputs, deployed }) => ({
    name: String((inputs as Record<string, unknown>)[input]),
    deployed,
  }));
}

/** `1 name`, `12 names`. */
export function countNames({ length }: readonly unknown[]): string {
  return length === 1 ? "1 name" : `${length} names`;
}

/** Returns the finding for one name. `taken` says by whom it is taken; undefined if it is free. */
export function nameFinding(
  subject: string,
  { taken, deployed }: { taken: string | undefined; deployed: boolean },
): Finding {
  if (taken === undefined) return { subject, state: "ok", found: "free", needed: "free" };
  if (deployed) return { subject, state: "ok", found: "there", needed: "there, of this stack" };
  return { subject, state: "wrong", found: taken, needed: "free", fix: FIX };
}

/** Returns one finding for many names of a kind. `remove` is the command that deletes a thing that an earlier stack has left. */
export function nameFindings(
  kind: string,
  names: readonly PlannedName[],
  taken: ReadonlySet<string>,
  remove: (name: string) => string,
): Finding[] {
  if (names.length === 0) return [];
  const lost = names.filter(({ name, deployed }) => !deployed && taken.has(name)).map(({ name }) => name);
  const needed = `${countNames(names)}, free or of this stack`;
  const [first] = lost;
  if (first === undefined) return [{ subject: kind, state: "ok", found: "no other has them", needed }];
  const more = lost.length > SHOWN ? ` and ${lost.length - SHOWN} more` : "";
  return [
    {
      subject: kind,
      state: "wrong",
      found: `taken: ${lost.slice(0, SHOWN).join(", ")}${more}`,
      needed,
      fix: `${FIX}; if an earlier stack has left it: ${remove(first)}`,
    },
  ];
}
