import { createHash, randomBytes } from "node:crypto";
import { Asset, Secret, Unknown } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";

export const AUTONAMED = "pulumi.com/autonamed";

/** The longest name that most kinds take. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const MAX_NAME_LENGTH = 253;

function asMap(value: PropertyValue | undefined): PropertyMap | undefined {
  const plain = value instanceof Secret ? value.value : value;
  if (plain === null || typeof plain !== "object" || Array.isArray(plain)) return undefined;
  return plain instanceof Unknown || plain instanceof Asset || plain instanceof Secret ? undefined : plain;
}

export function isAutonamed(inputs: PropertyMap): boolean {
  return asMap(asMap(inputs["metadata"])?.["annotations"])?.[AUTONAMED] === "true";
}

/**
 * Gives an unnamed object its name: the one that Pulumi gave it before, else `<resource>-<8 hex digits>`, the digits drawn
 * from the seed, so that the same seed gives the same name. An object so named carries `pulumi.com/autonamed`.
 * Metadata that is not known yet, or a `generateName`, is left as it is.
 */
export function assignName(
  inputs: PropertyMap,
  olds: PropertyMap | undefined,
  resourceName: string,
  randomSeed: Buffer,
): PropertyMap {
  if (inputs["metadata"] instanceof Unknown) return inputs;
  const metadata = asMap(inputs["metadata"]) ?? {};
  const given = metadata["name"];
  if (given !== undefined && given !== null && given !== "") return inputs;
  if (metadata["generateName"] !== undefined && metadata["generateName"] !== null) return inputs;
  const oldName = olds !== undefined && isAutonamed(olds) ? asMap(olds["metadata"])?.["name"] : undefined;
  const name = typeof oldName === "string" ? oldName : freshName(resourceName, randomSeed);
  const annotations = metadata["annotations"];
  const marked =
    annotations instanceof Unknown ? annotations : { ...asMap(annotations), [AUTONAMED]: "true" };
  return { ...inputs, metadata: { ...metadata, name, annotations: marked } };
}

function freshName(resourceName: string, randomSeed: Buffer): string {
  const digest =
    randomSeed.length === 0
      ? randomBytes(4).toString("hex")
      : createHash("sha512").update(randomSeed).update(resourceName).digest("hex").slice(0, 8);
  return `${resourceName.slice(0, MAX_NAME_LENGTH - 9)}-${digest}`;
}
