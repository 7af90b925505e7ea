import { z } from "zod";

/** Keys that a schema knows at a path, sorted; of a union, those of all its members. */
export function knownKeys(schema: z.ZodType, path: readonly string[]): string[] {
  const [first, ...rest] = path;
  const members = objectsIn(schema);
  if (first === undefined)
    return [
      ...new Set(
        members.flatMap((member) => (member instanceof z.ZodObject ? Object.keys(member.shape) : [])),
      ),
    ].sort();
  const inner = members.map((member) =>
    member instanceof z.ZodObject
      ? (member.shape as Record<string, z.ZodType>)[first]
      : (member.valueType as z.ZodType),
  );
  const keys = inner.flatMap((child) => (child === undefined ? [] : knownKeys(child, rest)));
  return [...new Set(keys)].sort();
}

/** Objects and records behind defaults, optionals and unions. */
function objectsIn(schema: z.ZodType): (z.ZodObject | z.ZodRecord)[] {
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return [schema];
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(objectsIn);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return objectsIn(schema.unwrap() as z.ZodType);
  return [];
}
