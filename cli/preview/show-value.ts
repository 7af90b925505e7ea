import { UNKNOWN_SENTINEL } from "../../local/engine/values/signatures.ts";
import { SECRET, type PropertyChange, type Shown } from "./property-changes.ts";

const MOST_CHARACTERS = 100;
/** Characters shown before the first difference of two values. */
const CONTEXT_CHARACTERS = 20;

/**
 * Renders both values of a change on one line each. Long values are cut around their first difference: two policies with the same
 * beginning would look the same otherwise.
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

/** Renders a value on one line, with words for unknown values inside it. */
function textOf(shown: Shown | undefined): string {
  if (shown === undefined) return "?";
  if (shown === "secret") return SECRET;
  if (shown === "known after apply") return "(known after apply)";
  return JSON.stringify(shown.known)
    .replaceAll(`"${UNKNOWN_SENTINEL}"`, "(known after apply)")
    .replaceAll(`"${SECRET}"`, SECRET);
}
