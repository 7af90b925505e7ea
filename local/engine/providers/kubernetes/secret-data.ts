import { Asset, Secret, Unknown, UNKNOWN } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { isSecret } from "./kube-object.ts";

/**
 * Returns the inputs of a Secret with `stringData` turned into `data`, as pulumi-kubernetes keeps them. The server never
 * gives `stringData` back, and no manager owns what it set: a key that leaves `stringData` would stay in the cluster.
 * Inputs of other kinds, and values that are not text, which the server will refuse, come back as they are.
 */
export function withDataOnly(inputs: PropertyMap): PropertyMap {
  if (!isSecret(inputs)) return inputs;
  const { stringData, data, ...rest } = inputs;
  const [texts, given] = [withoutMark(stringData), withoutMark(data)];
  if (texts instanceof Unknown || given instanceof Unknown) return { ...rest, data: UNKNOWN };
  if (!isMapOrAbsent(texts) || !isMapOrAbsent(given) || (texts === undefined && given === undefined))
    return inputs;
  const values = Object.entries(texts ?? {}).map(([key, text]) => [key, encoded(text)] as const);
  const kept = Object.entries(given ?? {}).map(([key, value]) => [key, onOneLine(value)] as const);
  if (values.some(([, value]) => value === undefined)) return inputs;
  return { ...rest, data: Object.fromEntries([...kept, ...values]) as PropertyMap };
}

/**
 * Returns the inputs of a Secret, whose values lie in `data`, in the form in which the program declared them: what an
 * earlier version kept as `stringData` stays there, so that a refresh reports no change that nobody made.
 */
export function inDeclaredForm(inputs: PropertyMap, declared: PropertyMap): PropertyMap {
  const texts = withoutMark(declared["stringData"]);
  const { data, ...rest } = inputs;
  if (!isSecret(inputs) || !isMapOrAbsent(texts) || texts === undefined || !isMapOrAbsent(data))
    return inputs;
  const [asText, asData]: [PropertyMap, PropertyMap] = [{}, {}];
  for (const [key, value] of Object.entries(data ?? {}))
    if (key in texts && typeof value === "string")
      asText[key] = Buffer.from(value, "base64").toString("utf8");
    else asData[key] = value;
  return { ...rest, stringData: asText, ...(declared["data"] === undefined ? {} : { data: asData }) };
}

/** Marks the data of a Secret as secret, whatever the program did. */
export function withSecretData(inputs: PropertyMap): PropertyMap {
  if (!isSecret(inputs)) return inputs;
  const marked = Object.entries(inputs).map(([key, value]): [string, PropertyValue] => {
    const isOpen = (key === "data" || key === "stringData") && !(value instanceof Secret);
    return [key, isOpen ? new Secret(value) : value];
  });
  return Object.fromEntries(marked);
}

/** Adds to paths below `stringData` of a Secret the same paths below `data`, where its values are kept. */
export function withDataPaths(kind: string | undefined, paths: readonly string[]): string[] {
  if (kind !== "Secret") return [...paths];
  return paths.flatMap((path) => [
    path,
    ...(/^stringData\b/.test(path) ? [path.replace("stringData", "data")] : []),
  ]);
}

function withoutMark(value: PropertyValue | undefined): PropertyValue | undefined {
  return value instanceof Secret ? withoutMark(value.value) : (value ?? undefined);
}

function isMapOrAbsent(value: PropertyValue | undefined): value is PropertyMap | undefined {
  return (
    value === undefined || (typeof value === "object" && !Array.isArray(value) && !(value instanceof Asset))
  );
}

/** Text in base64; undefined for what is not text. */
function encoded(value: PropertyValue): PropertyValue | undefined {
  const text = withoutMark(value);
  if (text instanceof Unknown) return text;
  return typeof text === "string" ? Buffer.from(text, "utf8").toString("base64") : undefined;
}

/** The server takes base64 that is broken into lines, and gives it back on one line. */
function onOneLine(value: PropertyValue): PropertyValue {
  const text = withoutMark(value);
  return typeof text === "string" ? text.replaceAll(/[\r\n]/g, "") : value;
}
