import { Secret, UNKNOWN } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { isObject, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { apiVersionOf, fromKubeObject, isSecret } from "./kube-object.ts";
import { withSecretData } from "./secret-data.ts";

/** Annotation with an earlier state of the whole object in plain text; that of a Secret is hidden like its data. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Returns the state of a resource: the live object and the three keys that pulumi-kubernetes keeps with it, so that it can
 * take the stack over. The data of a Secret is secret, and so is that of its copy; the engine marks what else is secret among
 * the inputs. `managedFields` stay on the server.
 */
export function outputsOf(live: JsonObject, inputs: JsonObject, manager: string): PropertyMap {
  const outputs = fromKubeObject(withoutManagedFields(live));
  const copy = fromKubeObject(inputs);
  return {
    ...(isSecret(live) ? withHiddenData(outputs) : outputs),
    __fieldManager: manager,
    __initialApiVersion: apiVersionOf(inputs) || apiVersionOf(live),
    __inputs: isSecret(live) ? withSecretData(copy) : copy,
  };
}

function withHiddenData(outputs: PropertyMap): PropertyMap {
  const { metadata } = outputs;
  const annotations = isPlainMap(metadata) ? metadata["annotations"] : undefined;
  if (!isPlainMap(metadata) || !isPlainMap(annotations) || annotations[LAST_APPLIED] === undefined)
    return withSecretData(outputs);
  const hidden = { ...annotations, [LAST_APPLIED]: new Secret(annotations[LAST_APPLIED]) };
  return withSecretData({ ...outputs, metadata: { ...metadata, annotations: hidden } });
}

function withoutManagedFields(live: JsonObject): JsonObject {
  if (!isObject(live["metadata"])) return live;
  const { managedFields: _managed, ...metadata } = live["metadata"];
  return { ...live, metadata };
}

/**
 * Returns the outputs of an object in a preview: its declared fields or, after a dry run, the object as the server would
 * store it. The whole `status` is left out, which the SDK reads as unknown. An address that only a real creation gives is
 * unknown too, not absent.
 */
export function plannedOutputs(inputs: PropertyMap, dryRun?: JsonObject): PropertyMap {
  const planned = dryRun === undefined ? { ...inputs } : fromKubeObject(withoutServerFields(dryRun));
  const spec = planned["spec"];
  if (inputs["kind"] !== "Service" || !isPlainMap(spec)) return planned;
  const declared = isPlainMap(inputs["spec"]) ? inputs["spec"] : {};
  if (declared["clusterIP"] !== undefined || textAt(spec as JsonObject, "type") === "ExternalName")
    return planned;
  return { ...planned, spec: { ...spec, clusterIP: UNKNOWN, clusterIPs: UNKNOWN } };
}

function isPlainMap(value: PropertyValue | undefined): value is PropertyMap {
  return isObject(value) && Object.getPrototypeOf(value) === Object.prototype;
}

const SERVER_FIELDS = ["managedFields", "uid", "resourceVersion", "creationTimestamp", "generation"];

function withoutServerFields(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  if (!isObject(metadata)) return rest;
  return {
    ...rest,
    metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !SERVER_FIELDS.includes(key))),
  };
}
