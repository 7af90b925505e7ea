import { ApiError, immutableCauses, isMissingNamespace } from "./api-error.ts";
import type { JsonObject } from "./json-object.ts";
import { describe, kindOf, namespaceOf } from "./kube-object.ts";

/** Returns the server's refusal with the object that it is about, the fields that cannot change and the way out. */
export function explainRefusal(error: unknown, object: JsonObject): unknown {
  if (!(error instanceof ApiError)) return error;
  const fields = immutableCauses(error);
  const text =
    fields === undefined
      ? `the API server refused this ${kindOf(object)}: ${error.message}${fixOf(error, object)}`
      : `${fields.join(", ") || "the changed fields"} cannot change in place: ${error.message}; ${immutableFix(error, object, fields)}`;
  return new Error(`${describe(object)}: ${text}`, { cause: error });
}

/** A claim whose StorageClass does not let it grow is refused as if a right were missing. */
export function isRefusedGrowth(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && /pvc can be resized/.test(error.message);
}

function fixOf(error: ApiError, object: JsonObject): string {
  if (isMissingNamespace(error))
    return `; create the Namespace ${namespaceOf(object) ?? ""} first (pass its metadata.name, or use dependsOn)`;
  if (isRefusedGrowth(error))
    return "; go back to the former size, set allowVolumeExpansion on its StorageClass where the driver can do that, or move the data to a new claim";
  if (error.status === 403)
    return "; give the kubeconfig's user the right to do so, or change what the cluster's policy objects to";
  return "";
}

/** Returns the fix for an immutable field. The provider never replaces the object by itself: its data would be lost. */
function immutableFix(error: ApiError, object: JsonObject, fields: readonly string[]): string {
  const field = fields[0] ?? "";
  if (kindOf(object) === "CustomResourceDefinition")
    return "set it back, or declare another definition beside this one: a replacement would delete every object of the kind";
  if (kindOf(object) === "PersistentVolumeClaim")
    return /bound claims/.test(error.message)
      ? "set it back: a claim grows only once it is bound, and nothing but its size changes then"
      : "a claim only grows: set it to its present size or more";
  const option = field === "" ? "" : `: [${JSON.stringify(field)}]`;
  return `set it back or, where the object may be deleted and made again, name the field in replaceOnChanges${option}`;
}
