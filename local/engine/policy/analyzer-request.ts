import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import type {
  AnalyzeRequest,
  AnalyzerProviderResource,
  AnalyzerResource,
  AnalyzerResourceOptions,
} from "@pulumi/pulumi/proto/analyzer_pb.js";
import { Secret, UNKNOWN } from "../values/property-value.ts";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import type { ResourceState } from "../state/resource-state.ts";
import { isMap, isResourceReference } from "../values/values.ts";
import { toStruct } from "../values/wire.ts";
import { parseUrn } from "../urn.ts";

/** A resource as policies see it before it is changed. */
export interface CheckedResource {
  urn: string;
  type: string;
  inputs: PropertyMap;
  parent?: string;
  protect?: boolean;
  ignoreChanges: string[];
  deleteBeforeReplace?: boolean;
  additionalSecretOutputs: string[];
  aliases: string[];
  customTimeouts?: ResourceState["customTimeouts"];
  /** The resource of its provider. @default - it has none */
  provider?: ResourceState;
}

/** @param internals - include the properties that begin with `__`: a remediation returns all properties */
export function analyzeRequest(
  resource: CheckedResource,
  { internals }: { internals: boolean },
): AnalyzeRequest {
  const { urn, type, inputs, provider } = resource;
  const request = new analyzerPb.AnalyzeRequest();
  request.setUrn(urn).setType(type).setName(parseUrn(urn).name);
  request.setProperties(properties(inputs, internals)).setOptions(options(resource));
  if (provider) request.setProvider(providerMessage(provider));
  return request;
}

/** Returns a resource at the end of a run. Its properties are the outputs, not the inputs. */
export function stackResource(state: ResourceState, provider: ResourceState | undefined): AnalyzerResource {
  const message = new analyzerPb.AnalyzerResource();
  message.setUrn(state.urn).setType(state.type).setName(parseUrn(state.urn).name);
  message.setProperties(properties(state.outputs, false)).setOptions(options(state));
  message.setParent(state.parent ?? "").setDependenciesList(state.dependencies);
  for (const [key, urns] of Object.entries(state.propertyDependencies)) {
    if (urns.length === 0) continue;
    const dependencies = new analyzerPb.AnalyzerPropertyDependencies().setUrnsList(urns);
    message.getPropertydependenciesMap().set(key, dependencies);
  }
  if (provider) message.setProvider(providerMessage(provider));
  return message;
}

function options(resource: Omit<CheckedResource, "inputs" | "provider">): AnalyzerResourceOptions {
  const message = new analyzerPb.AnalyzerResourceOptions();
  message.setProtect(resource.protect ?? false).setIgnorechangesList(resource.ignoreChanges);
  message.setDeletebeforereplace(resource.deleteBeforeReplace ?? false);
  message.setDeletebeforereplacedefined(resource.deleteBeforeReplace !== undefined);
  message.setAdditionalsecretoutputsList(resource.additionalSecretOutputs);
  message.setAliasesList(resource.aliases).setParent(resource.parent ?? "");
  const { create = 0, update = 0, delete: remove = 0 } = resource.customTimeouts ?? {};
  const timeouts = new analyzerPb.AnalyzerResourceOptions.CustomTimeouts();
  return message.setCustomtimeouts(timeouts.setCreate(create).setUpdate(update).setDelete(remove));
}

function providerMessage({ urn, type, inputs }: ResourceState): AnalyzerProviderResource {
  const message = new analyzerPb.AnalyzerProviderResource();
  return message
    .setUrn(urn)
    .setType(type)
    .setName(parseUrn(urn).name)
    .setProperties(properties(inputs, false));
}

function properties(map: PropertyMap, internals: boolean): ReturnType<typeof toStruct> {
  const entries = Object.entries(map).filter(([key]) => internals || !key.startsWith("__"));
  return toStruct(Object.fromEntries(entries.map(([key, value]) => [key, withoutReferences(value)])));
}

/** Replaces each resource reference by the id, or else the urn, of its resource. Secrets stay marked. */
function withoutReferences(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return new Secret(withoutReferences(value.value));
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (isResourceReference(value)) {
    if (!("id" in value)) return value["urn"] ?? null;
    return value["id"] === "" || value["id"] === null ? UNKNOWN : (value["id"] ?? UNKNOWN);
  }
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutReferences(item)]));
}
