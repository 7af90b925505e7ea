import { z } from "zod";
import { valueAt } from "./value-at.ts";

/** Returns the keys that a schema knows at a path of a value, sorted. Of a union, those of the members that match the value. */
export function knownKeys(schema: z.ZodType, path: readonly string[], value: unknown): string[] {
  const [first, ...rest] = path;
  const members = objectsIn(schema, value);
  if (first === undefined)
    return [
      ...new Set(
        members.flatMap((member) =>
          member instanceof z.ZodObject ? Object.keys(member.shape) : recordKeys(member),
        ),
      ),
    ].sort();
  const inner = members.map((member) => childOf(member, first));
  const keys = inner.flatMap((child) =>
    child === undefined ? [] : knownKeys(child, rest, valueAt(value, [first])),
  );
  return [...new Set(keys)].sort();
}

/** Returns the least value of the whole number at a path; undefined if it is no whole number, or has no least value. */
export function leastCount(schema: z.ZodType, path: readonly string[], value: unknown): number | undefined {
  const [first, ...rest] = path;
  if (first === undefined) {
    const inner = unwrapped(schema);
    const least = inner instanceof z.ZodNumber && inner.isInt ? inner.minValue : null;
    return least === null || least < 0 ? undefined : least;
  }
  for (const member of objectsIn(schema, value)) {
    const child = childOf(member, first);
    const least = child === undefined ? undefined : leastCount(child, rest, valueAt(value, [first]));
    if (least !== undefined) return least;
  }
  return undefined;
}

type Container = z.ZodObject | z.ZodRecord | z.ZodArray;

function childOf(member: Container, key: string): z.ZodType | undefined {
  if (member instanceof z.ZodObject) return (member.shape as Record<string, z.ZodType>)[key];
  return (member instanceof z.ZodArray ? member.element : member.valueType) as z.ZodType;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return isWrapper(schema) ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function isWrapper(
  schema: z.ZodType,
): schema is z.ZodOptional | z.ZodDefault | z.ZodPrefault | z.ZodReadonly {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  );
}

/** Keys of a record whose keys are a list of names; a record with any keys, and a list, have none. */
function recordKeys(member: z.ZodRecord | z.ZodArray): string[] {
  return member instanceof z.ZodRecord && member.keyType instanceof z.ZodEnum
    ? member.keyType.options.map(String)
    : [];
}

/** Objects, records and lists behind defaults, optionals and unions. */
function objectsIn(schema: z.ZodType, value: unknown): Container[] {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord || schema instanceof z.ZodArray)
    return [schema];
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator } = schema.def;
    const options = (schema.options as z.ZodType[]).flatMap((option) => objectsIn(option, value));
    const chosen = options.filter((option) =>
      hasDiscriminator(option, discriminator, valueAt(value, [discriminator])),
    );
    return chosen.length > 0 ? chosen : options;
  }
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).flatMap((option) => objectsIn(option, value));
  if (isWrapper(schema)) return objectsIn(schema.unwrap() as z.ZodType, value);
  return [];
}

function hasDiscriminator(member: Container, discriminator: string, kind: unknown): boolean {
  const literal =
    member instanceof z.ZodObject ? (member.shape as Record<string, unknown>)[discriminator] : undefined;
  return literal instanceof z.ZodLiteral && literal.safeParse(kind).success;
}
