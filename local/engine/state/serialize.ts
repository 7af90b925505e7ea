import { Asset, Secret, Unknown } from "../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import * as signature from "../values/signatures.ts";
import { mapFromJson, valueFromJson } from "../values/wire.ts";
import { isMap } from "../values/values.ts";
import type { Crypter } from "./passphrase.ts";
import type { CustomTimeouts, ResourceState } from "./resource-state.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonMap = Record<string, Json>;

/** Writes a secret: encrypted for the state, masked for display, in plain text if the user asks for it. */
export type SecretWriter = (plaintextJson: string) => JsonMap | string;

/** Encrypts secrets. A known plaintext gets the same ciphertext again, so that an unchanged state gives the same file. */
export function encryptedSecrets(crypter: Crypter, known: Map<string, string> = new Map()): SecretWriter {
  return (plaintext) => {
    let ciphertext = known.get(plaintext);
    if (ciphertext === undefined) known.set(plaintext, (ciphertext = crypter.encrypt(plaintext)));
    return { [signature.SIGNATURE_KEY]: signature.SECRET_SIGNATURE, ciphertext };
  };
}

export const maskedSecrets: SecretWriter = () => "[secret]";

/** A secret inside a secret keeps only its mark: it is encrypted with the outer one. */
const innerSecrets: SecretWriter = (plaintext) => ({
  [signature.SIGNATURE_KEY]: signature.SECRET_SIGNATURE,
  ciphertext: plaintext,
});

/** Returns a map of properties in the form of Pulumi's checkpoint. */
export function serializeProperties(map: PropertyMap, secrets: SecretWriter): JsonMap {
  const result: JsonMap = {};
  for (const key of Object.keys(map).sort()) {
    const value = map[key];
    if (value !== undefined) result[key] = serializeValue(value, secrets);
  }
  return result;
}

export function serializeValue(value: PropertyValue, secrets: SecretWriter): Json {
  if (value instanceof Unknown) return signature.UNKNOWN_SENTINEL;
  if (value instanceof Secret) return secrets(JSON.stringify(serializeValue(value.value, innerSecrets)));
  if (value instanceof Asset) return value.raw as Json;
  if (Array.isArray(value)) return value.map((item) => serializeValue(item, secrets));
  return isMap(value) ? serializeProperties(value, secrets) : value;
}

/** Reads a map of properties from Pulumi's checkpoint and decrypts its secrets. */
export function deserializeProperties(
  map: JsonMap | undefined,
  decrypt: (text: string) => string,
): PropertyMap {
  if (!map) return {};
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [key, deserializeValue(value, decrypt)]),
  );
}

function deserializeValue(value: Json, decrypt: (text: string) => string): PropertyValue {
  if (value === null || typeof value !== "object") return valueFromJson(value);
  if (Array.isArray(value)) return value.map((item) => deserializeValue(item, decrypt));
  const mark = value[signature.SIGNATURE_KEY];
  if (mark === signature.SECRET_SIGNATURE) {
    const { plaintext, ciphertext } = value;
    const json =
      typeof plaintext === "string"
        ? plaintext
        : typeof ciphertext === "string"
          ? decrypt(ciphertext)
          : "null";
    return new Secret(deserializeValue(JSON.parse(json) as Json, (text) => text));
  }
  if (mark !== undefined)
    return mark === signature.RESOURCE_SIGNATURE ? mapFromJson(value) : valueFromJson(value);
  return deserializeProperties(value, decrypt);
}

/** Returns a resource in the form of Pulumi's ResourceV3; empty fields are left out. */
export function serializeResource(state: ResourceState, secrets: SecretWriter): JsonMap {
  const result: Record<string, Json | undefined> = {
    urn: state.urn,
    custom: state.custom,
    delete: state.delete || undefined,
    id: state.id || undefined,
    type: state.type,
    inputs: serializeProperties(state.inputs, secrets),
    outputs: serializeProperties(state.outputs, secrets),
    parent: state.parent || undefined,
    protect: state.protect || undefined,
    external: state.external || undefined,
    dependencies: unlessEmpty(state.dependencies),
    initErrors: unlessEmpty(state.initErrors),
    provider: state.provider || undefined,
    propertyDependencies: Object.keys(state.propertyDependencies).length
      ? state.propertyDependencies
      : undefined,
    pendingReplacement: state.pendingReplacement || undefined,
    additionalSecretOutputs: unlessEmpty(state.additionalSecretOutputs),
    customTimeouts: state.customTimeouts as JsonMap | undefined,
    retainOnDelete: state.retainOnDelete || undefined,
    deletedWith: state.deletedWith || undefined,
    created: state.created,
    modified: state.modified,
    ignoreChanges: unlessEmpty(state.ignoreChanges),
    replaceOnChanges: unlessEmpty(state.replaceOnChanges),
    hideDiff: unlessEmpty(state.hideDiffs ?? []),
    replacementTrigger:
      state.replacementTrigger === undefined ? undefined : serializeValue(state.replacementTrigger, secrets),
  };
  for (const key of ["inputs", "outputs"]) {
    if (Object.keys(result[key] as JsonMap).length === 0) delete result[key];
  }
  return JSON.parse(JSON.stringify(result)) as JsonMap;
}

function unlessEmpty(list: string[]): string[] | undefined {
  return list.length > 0 ? list : undefined;
}

export function deserializeResource(json: JsonMap, decrypt: (text: string) => string): ResourceState {
  const list = (key: string): string[] => (json[key] as string[] | undefined) ?? [];
  const text = (key: string): string | undefined => json[key] as string | undefined;
  const flag = (key: string): boolean | undefined => json[key] as boolean | undefined;
  if (!text("urn") || !text("type")) throw new Error("state: a resource lacks its urn or type");
  return {
    urn: text("urn") ?? "",
    type: text("type") ?? "",
    custom: flag("custom") ?? false,
    delete: flag("delete"),
    id: text("id"),
    inputs: deserializeProperties(json["inputs"] as JsonMap | undefined, decrypt),
    outputs: deserializeProperties(json["outputs"] as JsonMap | undefined, decrypt),
    parent: text("parent"),
    protect: flag("protect"),
    external: flag("external"),
    dependencies: list("dependencies"),
    propertyDependencies: (json["propertyDependencies"] as Record<string, string[]> | undefined) ?? {},
    initErrors: list("initErrors"),
    provider: text("provider"),
    pendingReplacement: flag("pendingReplacement"),
    additionalSecretOutputs: list("additionalSecretOutputs"),
    aliases: list("aliases"),
    customTimeouts: json["customTimeouts"] as CustomTimeouts | undefined,
    retainOnDelete: flag("retainOnDelete"),
    deletedWith: text("deletedWith"),
    created: text("created"),
    modified: text("modified"),
    ignoreChanges: list("ignoreChanges"),
    replaceOnChanges: list("replaceOnChanges"),
    hideDiffs: list("hideDiff"),
    ...(json["replacementTrigger"] === undefined
      ? {}
      : { replacementTrigger: deserializeValue(json["replacementTrigger"], decrypt) }),
  };
}
