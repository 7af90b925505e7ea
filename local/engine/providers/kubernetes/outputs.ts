import { Secret, UNKNOWN } from "../../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../../values/property-value.ts";
import { isObject, textAt } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { apiVersionOf, fromKubeObject, groupOf, kindOf } from "./kube-object.ts";

/**
 * The state of a resource: the live object and the three keys that pulumi-kubernetes keeps with it, so that it can take
 * the stack over. The data of a Secret is secret, in the inputs kept there too. `managedFields` stay on the server.
 */
export function outputsOf(live: JsonObject, inputs: JsonObject, manager: string): PropertyMap {
  const isSecret = kindOf(live) === "Secret" && groupOf(apiVersionOf(live)) === "";
  const hide = (value: PropertyValue): PropertyValue => (isSecret ? new Secret(value) : value);
  const outputs = fromKubeObject(withoutManagedFields(live));
  for (const key of ["data", "stringData"]) if (outputs[key] !== undefined) outputs[key] = hide(outputs[key]);
  return {
    ...outputs,
    __fieldManager: manager,
    __initialApiVersion: apiVersionOf(inputs) || apiVersionOf(live),
    __inputs: hide(fromKubeObject(inputs)),
  };
}

function withoutManagedFields(live: JsonObject): JsonObject {
  if (!isObject(live["metadata"])) return live;
  const { managedFields: _managed, ...metadata } = live["metadata"];
  return { ...live, metadata };
}

/**
 * What a preview knows of an object: what is declared or, after a dry run, what the server would make of it. A whole
 * `status` is left out, which the SDK reads as unknown; an address that only a real creation gives is unknown too, not absent.
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
