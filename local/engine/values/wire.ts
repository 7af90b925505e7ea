import structPb from "google-protobuf/google/protobuf/struct_pb.js";
import type { Struct, Value } from "google-protobuf/google/protobuf/struct_pb.js";
import { Asset, Secret, Unknown, UNKNOWN } from "./property-value.ts";
import type { PropertyMap, PropertyValue } from "./property-value.ts";
import * as signature from "./signatures.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Reads a map of properties from a message of Pulumi's protocol. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct ? mapFromJson(struct.toJavaScript()) : {};
}

export function fromValue(value: Value): PropertyValue {
  return valueFromJson(value.toJavaScript());
}

export function toValue(value: PropertyValue): Value {
  return structPb.Value.fromJavaScript(valueToJson(value));
}

export function toStruct(map: PropertyMap): Struct {
  return structPb.Struct.fromJavaScript(mapToJson(map));
}

/** Reads a map from JSON in which special values have Pulumi's marks and secrets are in plain text. */
export function mapFromJson(map: Record<string, Json | undefined>): PropertyMap {
  const result: PropertyMap = {};
  for (const [key, value] of Object.entries(map)) if (value !== undefined) result[key] = valueFromJson(value);
  return result;
}

export function valueFromJson(value: Json): PropertyValue {
  if (value === signature.UNKNOWN_SENTINEL) return UNKNOWN;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(valueFromJson);
  switch (value[signature.SIGNATURE_KEY]) {
    case undefined:
    case signature.RESOURCE_SIGNATURE:
      return mapFromJson(value);
    case signature.SECRET_SIGNATURE:
      return new Secret(valueFromJson(value["value"] ?? null));
    case signature.OUTPUT_SIGNATURE: {
      const inner = "value" in value ? valueFromJson(value["value"] ?? null) : UNKNOWN;
      return value["secret"] === true && !(inner instanceof Secret) ? new Secret(inner) : inner;
    }
    case signature.ASSET_SIGNATURE:
    case signature.ARCHIVE_SIGNATURE:
      return new Asset(value);
    default:
      throw new Error(
        `unrecognized signature ${JSON.stringify(value[signature.SIGNATURE_KEY])} in a property`,
      );
  }
}

/** Writes a map so that `mapFromJson` reads it. */
export function mapToJson(map: PropertyMap): Record<string, Json> {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(map)) {
    if ((value as PropertyValue | undefined) !== undefined) result[key] = valueToJson(value);
  }
  return result;
}

export function valueToJson(value: PropertyValue): Json {
  if (value instanceof Unknown) return signature.UNKNOWN_SENTINEL;
  if (value instanceof Secret) {
    return { [signature.SIGNATURE_KEY]: signature.SECRET_SIGNATURE, value: valueToJson(value.value) };
  }
  if (value instanceof Asset) return value.raw as Json;
  if (Array.isArray(value)) return value.map(valueToJson);
  return typeof value === "object" && value !== null ? mapToJson(value) : value;
}
