import { Asset, Secret, Unknown } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { isObject, objectAt, textAt } from "./json-object.ts";
import type { Json, JsonObject } from "./json-object.ts";

/** Keys of a CustomResourceDefinition's schema that Pulumi's SDKs spell with underscores. */
const DASHED = [
  "x-kubernetes-embedded-resource",
  "x-kubernetes-int-or-string",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-list-type",
  "x-kubernetes-map-type",
  "x-kubernetes-preserve-unknown-fields",
  "x-kubernetes-validations",
];
const toDashed = new Map(DASHED.map((key) => [key.replaceAll("-", "_"), key]));
const toUnderscored = new Map(DASHED.map((key) => [key, key.replaceAll("-", "_")]));

/** Whether a value holds, at any depth, something that is known only after an update. */
export function hasUnknown(value: PropertyValue): boolean {
  if (value instanceof Unknown) return true;
  if (value instanceof Secret) return hasUnknown(value.value);
  if (value instanceof Asset || value === null || typeof value !== "object") return false;
  return (Array.isArray(value) ? value : Object.values(value)).some(hasUnknown);
}

/** Converts inputs to a Kubernetes object: nulls left out, secrets opened, dashed keys restored. Throws on an unknown or an asset. */
export function toKubeObject(inputs: PropertyMap): JsonObject {
  const entries = Object.entries(inputs)
    .filter(([key, value]) => value !== null && !key.startsWith("__"))
    .map(([key, value]) => [toDashed.get(key) ?? key, toJson(value, key)] as const);
  return Object.fromEntries(entries);
}

function toJson(value: PropertyValue, path: string): Json {
  if (value instanceof Secret) return toJson(value.value, path);
  if (value instanceof Unknown) throw new Error(`${path}: its value is not known yet`);
  if (value instanceof Asset)
    throw new Error(`${path}: an asset cannot be part of a Kubernetes object; pass its text`);
  if (Array.isArray(value))
    return value.filter((item) => item !== null).map((item, index) => toJson(item, `${path}[${index}]`));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== null)
    .map(([key, item]) => [toDashed.get(key) ?? key, toJson(item, `${path}.${key}`)] as const);
  return Object.fromEntries(entries);
}

/** Spells the keys of a CustomResourceDefinition's schema as Kubernetes does, and changes nothing else. */
export function withDashedKeys(inputs: PropertyMap): PropertyMap {
  const convert = (value: PropertyValue): PropertyValue => {
    if (value instanceof Secret) return new Secret(convert(value.value));
    if (Array.isArray(value)) return value.map(convert);
    const isPlain =
      typeof value === "object" && value !== null && !(value instanceof Unknown || value instanceof Asset);
    return isPlain ? withDashedKeys(value) : value;
  };
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [toDashed.get(key) ?? key, convert(value)]),
  );
}

/** Converts a live object to the form that Pulumi's SDKs read. */
export function fromKubeObject(object: JsonObject): PropertyMap {
  const convert = (value: Json): PropertyValue => {
    if (Array.isArray(value)) return value.map(convert);
    return isObject(value) ? fromKubeObject(value) : value;
  };
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [toUnderscored.get(key) ?? key, convert(value)]),
  );
}

export function nameOf(object: JsonObject): string {
  return textAt(object, "metadata", "name") ?? "";
}

export function namespaceOf(object: JsonObject): string | undefined {
  return textAt(object, "metadata", "namespace");
}

export function apiVersionOf(object: JsonObject): string {
  return textAt(object, "apiVersion") ?? "";
}

export function kindOf(object: JsonObject): string {
  return textAt(object, "kind") ?? "";
}

/** Returns the API group of an apiVersion; the group of `v1` is empty. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whether Kubernetes itself serves the group; the group of a custom resource has a domain of its own. */
export function isBuiltIn(group: string): boolean {
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Whether the object is a Secret of Kubernetes' own. */
export function isSecret(object: { apiVersion?: unknown; kind?: unknown }): boolean {
  return object.apiVersion === "v1" && object.kind === "Secret";
}

/** Returns the text of an annotation. Anything that is not text, such as a value not known yet, counts as absent. */
export function annotation(object: { metadata?: unknown }, key: string): string | undefined {
  const metadata = object.metadata;
  const annotations = isObject(metadata) ? metadata["annotations"] : undefined;
  const value = isObject(annotations) ? annotations[key] : undefined;
  return typeof value === "string" ? value : undefined;
}

/** Returns Pulumi's id of an object: `namespace/name`, or `name` where its kind has no namespaces. */
export function idOf(object: JsonObject): string {
  const namespace = namespaceOf(object);
  return namespace === undefined ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}

export function parseId(id: string): { namespace?: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Returns the name of an object for messages: `Deployment staging/web`. */
export function describe(object: JsonObject): string {
  return `${kindOf(object)} ${idOf(object)}`;
}

/** Sets the namespace of an object, or removes it where `namespace` is undefined. */
export function withNamespace(object: JsonObject, namespace: string | undefined): JsonObject {
  const { namespace: _old, ...metadata } = objectAt(object, "metadata") ?? {};
  return { ...object, metadata: namespace === undefined ? metadata : { ...metadata, namespace } };
}
