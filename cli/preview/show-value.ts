import { UNKNOWN_SENTINEL } from "../../local/engine/values/signatures.ts";
import { SECRET, type PropertyChange, type Shown } from "./property-changes.ts";

const MOST_CHARACTERS = 100;
/** Of what two values have in common, this much is shown before the place where they part. */
const CONTEXT_CHARACTERS = 20;

/**
 * Both values of a change, on one line each, cut where they are long: to where they part, for two policies that begin alike
 * would look the same.
 */
export function showChange({ old, new: now }: PropertyChange): { old: string; new: string } {
  const [before, after] = [textOf(old), textOf(now)];
  const shared = sharedLength(before, after) - CONTEXT_CHARACTERS;
  const isLong = before.length > MOST_CHARACTERS || after.length > MOST_CHARACTERS;
  const from = isLong && shared > 0 ? shared : 0;
  return { old: cut(before, from), new: cut(after, from) };
}

function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function cut(text: string, from: number): string {
  const rest = from > 0 ? `…${text.slice(from)}` : text;
  return rest.length > MOST_CHARACTERS ? `${rest.slice(0, MOST_CHARACTERS - 1)}…` : rest;
}

/** A value on one line. Inner unknowns are said in words. */
function textOf(shown: Shown | undefined): string {
  if (shown === undefined) return "?";
  if (shown === "secret") return SECRET;
  if (shown === "known after apply") return "(known after apply)";
  return JSON.stringify(shown.known)
    .replaceAll(`"${UNKNOWN_SENTINEL}"`, "(known after apply)")
    .replaceAll(`"${SECRET}"`, SECRET);
}
