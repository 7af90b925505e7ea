import { BadInput } from "../errors.ts";

/**
 * Readers for parts of a request. Each looks at one value and throws BadInput at the first fault, so that the work and
 * the answer stay small whatever a caller sends. A schema library would check every element of a list, and keep every
 * fault, before the length of the list could be judged.
 */
export function readObject(owner: string, value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new BadInput(`${owner} must be an object, got ${excerpt(value)}`);
}

/** Reads an object that may be left out or null: some clients write optional fields that are not set as null. */
export function readOptionalObject(owner: string, value: unknown): Record<string, unknown> {
  return value === undefined || value === null ? {} : readObject(owner, value);
}

/** Does not look at the elements: the caller checks their number first. */
export function readArray(owner: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw new BadInput(`${owner} must be an array, got ${excerpt(value)}`);
}

/** Throws at the first field of the object that is not in `known`. */
export function refuseUnknownFields(
  owner: string,
  value: Record<string, unknown>,
  known: ReadonlySet<string>,
): void {
  for (const name in value)
    if (!known.has(name))
      throw new BadInput(`${owner} must be among ${[...known].join(", ")}, got ${excerpt(name)}`);
}

/**
 * Returns the text; throws BadInput if it holds half of a surrogate pair. That is no character and has no UTF-8, so it cannot be
 * a key of the feature store, nor be sent back.
 */
export function requireUnicode(owner: string, text: string): string {
  if (/\p{Surrogate}/u.test(text))
    throw new BadInput(
      `${owner} must be Unicode text, got ${excerpt(text)}: it holds half of a surrogate pair`,
    );
  return text;
}

const EXCERPT_CHARACTERS = 100;

/** Returns a value as an error message quotes it: short, so that an answer never grows with its request. */
export function excerpt(value: unknown): string {
  if (typeof value === "string")
    return JSON.stringify(
      value.length > EXCERPT_CHARACTERS ? `${value.slice(0, EXCERPT_CHARACTERS)}…` : value,
    );
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
