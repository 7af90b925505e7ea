import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";
import type {
  ReadResourceRequest,
  RegisterResourceRequest,
  TransformResourceOptions,
} from "@pulumi/pulumi/proto/resource_pb.js";
import type { Alias, Goal } from "../plan/goal.ts";
import type { ReadGoal } from "../plan/read-resource.ts";
import type { CustomTimeouts } from "../state/resource-state.ts";
import type { Value } from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap, PropertyValue } from "../values/property-value.ts";
import { isProviderType } from "../urn.ts";
import { fromStruct, fromValue } from "../values/wire.ts";

/** Reads a RegisterResource request. */
export function toGoal(request: RegisterResourceRequest): Goal {
  refuseUnsupported(request);
  const dependencies: Record<string, string[]> = {};
  for (const [key, value] of request.getPropertydependenciesMap().entries())
    dependencies[key] = value.getUrnsList();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    parent: request.getParent() || undefined,
    inputs: registeredInputs(request),
    provider: request.getProvider() || undefined,
    providers: Object.fromEntries(request.getProvidersMap().entries()),
    version: request.getVersion() || undefined,
    dependencies: request.getDependenciesList(),
    propertyDependencies: dependencies,
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deleteBeforeReplace: request.getDeletebeforereplacedefined()
      ? request.getDeletebeforereplace()
      : undefined,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: [
      ...request.getAliasurnsList().map((urn) => ({ urn })),
      ...request.getAliasesList().map(toAlias),
    ],
    importId: request.getImportid() || undefined,
    customTimeouts: toTimeouts(request.getCustomtimeouts()),
    deletedWith: request.getDeletedwith() || undefined,
    replacementTrigger: toTrigger(request),
    hideDiffs: request.getHidediffsList(),
  };
}

/** Throws on features that the SDK uses without asking whether the engine has them: ignoring them would report a false success. */
function refuseUnsupported(request: RegisterResourceRequest): void {
  const resource = `${request.getType()} ${request.getName()}`;
  if (request.getRemote())
    throw new Error(
      `${resource}: the offline engine cannot create a component that a provider implements; declare its resources in the program (for kubernetes, the yaml package without v2 does), or use the pulumi CLI`,
    );
  if (request.getEnvvarmappingsMap().getLength() > 0)
    throw new Error(`${resource}: the offline engine does not support envVarMappings; use the pulumi CLI`);
}

function toTrigger(message: {
  hasReplacementTrigger(): boolean;
  getReplacementTrigger(): Value | undefined;
}): PropertyValue | undefined {
  const value = message.hasReplacementTrigger() ? message.getReplacementTrigger() : undefined;
  return value && fromValue(value);
}

/** Returns the inputs of a resource; a provider resource also has the version of its package there, as with the CLI. */
function registeredInputs(request: RegisterResourceRequest): PropertyMap {
  const inputs = fromStruct(request.getObject());
  const version = isProviderType(request.getType()) ? request.getVersion() : "";
  return version ? { ...inputs, version } : inputs;
}

/** Returns a goal with the options that a transform returned. */
export function withTransformed(goal: Goal, options: TransformResourceOptions): Goal {
  const providers = Object.fromEntries(options.getProvidersMap().entries());
  if (options.hasHooks())
    throw new Error(
      `${goal.type} ${goal.name}: a transform must not add hooks in the offline engine; use the pulumi CLI`,
    );
  return {
    ...goal,
    provider: options.getProvider() || undefined,
    // The SDK's answer lacks the providers of a component.
    providers: Object.keys(providers).length > 0 ? providers : goal.providers,
    version: options.getVersion() || undefined,
    dependencies: options.getDependsOnList(),
    protect: options.hasProtect() ? options.getProtect() : undefined,
    retainOnDelete: options.hasRetainOnDelete() ? options.getRetainOnDelete() : undefined,
    deleteBeforeReplace: options.hasDeleteBeforeReplace() ? options.getDeleteBeforeReplace() : undefined,
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    aliases: options.getAliasesList().map(toAlias),
    importId: options.getImport() || undefined,
    customTimeouts: toTimeouts(options.getCustomTimeouts()),
    deletedWith: options.getDeletedWith() || undefined,
    replacementTrigger: toTrigger(options),
    hideDiffs: options.getHideDiffList(),
  };
}

export function toReadGoal(request: ReadResourceRequest): ReadGoal {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    parent: request.getParent() || undefined,
    inputs: fromStruct(request.getProperties()),
    provider: request.getProvider() || undefined,
    version: request.getVersion() || undefined,
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
  };
}

export function toAlias(message: AliasMessage): Alias {
  const spec = message.getSpec();
  if (!spec) return { urn: message.getUrn() };
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    stack: spec.getStack() || undefined,
    project: spec.getProject() || undefined,
    parentUrn: spec.getParenturn() || undefined,
    noParent: spec.getNoparent(),
  };
}

type TimeoutsMessage = RegisterResourceRequest.CustomTimeouts | undefined;

function toTimeouts(message: TimeoutsMessage): CustomTimeouts | undefined {
  const timeouts: CustomTimeouts = {};
  const create = parseDuration(message?.getCreate() ?? "");
  const update = parseDuration(message?.getUpdate() ?? "");
  const remove = parseDuration(message?.getDelete() ?? "");
  if (create !== undefined) timeouts.create = create;
  if (update !== undefined) timeouts.update = update;
  if (remove !== undefined) timeouts.delete = remove;
  return Object.keys(timeouts).length > 0 ? timeouts : undefined;
}

const SECONDS: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** Returns the seconds of a Go duration such as `5m` or `1h30m`; undefined for an empty text. */
export function parseDuration(text: string): number | undefined {
  if (text === "") return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/gy)];
  if (parts.map(([part]) => part).join("") !== text) {
    throw new Error(`customTimeouts: must be a duration such as 30s or 5m, got ${JSON.stringify(text)}`);
  }
  return parts.reduce((total, [, amount, unit]) => total + Number(amount) * (SECONDS[unit ?? ""] ?? 0), 0);
}
