import { Asset, Secret, Unknown, UNKNOWN } from "./property-value.ts";
import type { PropertyMap, PropertyValue } from "./property-value.ts";
import { RESOURCE_SIGNATURE, SIGNATURE_KEY } from "./signatures.ts";

/** True for a plain map, not for null, an array or a special value. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Unknown || value instanceof Secret || value instanceof Asset)
  );
}

/** True for a resource reference: a map with Pulumi's mark, a `urn` and, for a custom resource, an `id`. */
export function isResourceReference(value: PropertyValue | undefined): value is PropertyMap {
  return isMap(value) && value[SIGNATURE_KEY] === RESOURCE_SIGNATURE;
}

function some(value: PropertyValue | undefined, test: (value: PropertyValue) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (value instanceof Secret) return some(value.value, test);
  if (Array.isArray(value)) return value.some((item) => some(item, test));
  return isMap(value) && Object.values(value).some((item) => some(item, test));
}

export function containsSecret(value: PropertyValue | undefined): boolean {
  return some(value, (item) => item instanceof Secret);
}

export function containsUnknown(value: PropertyValue | undefined): boolean {
  return some(value, (item) => item instanceof Unknown);
}

/** Returns a map with `[unknown]` for each unknown value, for people to read. */
export function withUnknownsInWords(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, inWords(item)]));
}

function inWords(value: PropertyValue): PropertyValue {
  if (value instanceof Unknown) return "[unknown]";
  if (value instanceof Secret) return new Secret(inWords(value.value));
  if (Array.isArray(value)) return value.map(inWords);
  return isMap(value) ? withUnknownsInWords(value) : value;
}

/** Returns a map as a provider gets it: without secret marks, and with ids (or else urns) for resource references. */
export function forProvider(value: PropertyMap): PropertyMap {
  return stripMap(value);
}

function stripMap(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, item]) => [key, strip(item)]));
}

function strip(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return strip(value.value);
  if (Array.isArray(value)) return value.map(strip);
  if (isResourceReference(value)) {
    if (!("id" in value)) return value["urn"] ?? null;
    return value["id"] === "" || value["id"] === null ? UNKNOWN : (value["id"] ?? UNKNOWN);
  }
  return isMap(value) ? stripMap(value) : value;
}

/** True if two values are equal. Secrets are equal if their values are; an unknown value equals only an unknown value. */
export function equalValues(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (a === b) return true;
  if (a instanceof Secret) return equalValues(a.value, b instanceof Secret ? b.value : b);
  if (b instanceof Secret) return equalValues(a, b.value);
  if (a instanceof Unknown || b instanceof Unknown) return a instanceof Unknown && b instanceof Unknown;
  if (a instanceof Asset || b instanceof Asset) {
    return a instanceof Asset && b instanceof Asset && JSON.stringify(a.raw) === JSON.stringify(b.raw);
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => equalValues(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => key in b && equalValues(a[key], b[key]))
  );
}

/** Marks every property in a provider's result as secret that was secret in its input. */
export function withSecretsOf(values: PropertyMap, given: PropertyMap): PropertyMap {
  const result: PropertyMap = { ...values };
  for (const [key, source] of Object.entries(given)) {
    const value = result[key];
    if (value !== undefined && containsSecret(source)) result[key] = markLike(value, source);
  }
  return result;
}

/**
 * Marks outputs of a provider as secret: those that were secret as inputs, those in `additionalSecretOutputs` and, in the copy
 * of the inputs that pulumi-kubernetes keeps among the outputs, what is secret among the inputs.
 */
export function sealedOutputs(
  outputs: PropertyMap,
  inputs: PropertyMap,
  names: readonly string[],
): PropertyMap {
  return withSecretKeys(withSecretsOf(outputs, { ...inputs, __inputs: inputs }), names);
}

function markLike(value: PropertyValue, source: PropertyValue): PropertyValue {
  if (value instanceof Secret || !containsSecret(source)) return value;
  if (Array.isArray(value) && Array.isArray(source) && value.length === source.length) {
    return value.map((item, index) => markLike(item, source[index] ?? null));
  }
  if (isMap(value) && isMap(source)) {
    const lost = Object.keys(source).some((key) => !(key in value) && containsSecret(source[key]));
    if (!lost) return withSecretsOf(value, source);
  }
  return new Secret(value);
}

/** Marks whole properties as secret, for `additionalSecretOutputs`. */
export function withSecretKeys(values: PropertyMap, keys: readonly string[]): PropertyMap {
  const result: PropertyMap = { ...values };
  for (const key of keys) {
    const value = result[key];
    if (value !== undefined && !(value instanceof Secret)) result[key] = new Secret(value);
  }
  return result;
}
