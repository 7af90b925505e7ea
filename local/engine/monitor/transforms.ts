import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import aliasPb from "@pulumi/pulumi/proto/alias_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import type { TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb.js";
import { isStackType } from "../urn.ts";
import { fromStruct, toStruct, toValue } from "../values/wire.ts";
import type { Alias, Goal } from "../plan/goal.ts";
import { withTransformed } from "./requests.ts";
import type { CallbackClients } from "./callback-clients.ts";

/** Runs the transforms that the program registered: those of the resource, then of its parents, then of the stack. */
export class Transforms {
  readonly #ofStack: Callback[] = [];
  readonly #ofResource = new Map<string, { transforms: Callback[]; parent: string | undefined }>();
  readonly #clients: CallbackClients;

  constructor(clients: CallbackClients) {
    this.#clients = clients;
  }

  addToStack(callback: Callback): void {
    this.#ofStack.push(callback);
  }

  addToResource(urn: string, parent: string | undefined, transforms: Callback[]): void {
    this.#ofResource.set(urn, { transforms, parent });
  }

  /** Returns the goal after all transforms of the resource. */
  async apply(goal: Goal, own: Callback[]): Promise<Goal> {
    if (isStackType(goal.type)) return goal;
    const callbacks = [...own];
    for (let urn = goal.parent; urn !== undefined;) {
      const ancestor = this.#ofResource.get(urn);
      callbacks.push(...(ancestor?.transforms ?? []));
      urn = ancestor?.parent;
    }
    let result = goal;
    for (const callback of [...callbacks, ...this.#ofStack]) result = await this.#transform(result, callback);
    return result;
  }

  async #transform(goal: Goal, callback: Callback): Promise<Goal> {
    const request = new resourcePb.TransformRequest();
    request.setType(goal.type).setName(goal.name).setCustom(goal.custom);
    request
      .setParent(goal.parent ?? "")
      .setProperties(toStruct(goal.inputs))
      .setOptions(toOptions(goal));
    const answer = await this.#clients.invoke(callback, request.serializeBinary());
    const response = resourcePb.TransformResponse.deserializeBinary(answer);
    const options = response.getOptions();
    const transformed = { ...goal, inputs: fromStruct(response.getProperties()) };
    return options ? withTransformed(transformed, options) : transformed;
  }
}

function toOptions(goal: Goal): TransformResourceOptions {
  const options = new resourcePb.TransformResourceOptions();
  options.setDependsOnList(goal.dependencies).setIgnoreChangesList(goal.ignoreChanges);
  options.setReplaceOnChangesList(goal.replaceOnChanges).setVersion(goal.version ?? "");
  options.setAliasesList(goal.aliases.map(toMessage)).setProvider(goal.provider ?? "");
  options.setDeletedWith(goal.deletedWith ?? "").setImport(goal.importId ?? "");
  options.setAdditionalSecretOutputsList(goal.additionalSecretOutputs);
  if (goal.protect !== undefined) options.setProtect(goal.protect);
  if (goal.retainOnDelete !== undefined) options.setRetainOnDelete(goal.retainOnDelete);
  if (goal.deleteBeforeReplace !== undefined) options.setDeleteBeforeReplace(goal.deleteBeforeReplace);
  for (const [key, reference] of Object.entries(goal.providers))
    options.getProvidersMap().set(key, reference);
  options.setHideDiffList(goal.hideDiffs);
  if (goal.replacementTrigger !== undefined) options.setReplacementTrigger(toValue(goal.replacementTrigger));
  if (goal.customTimeouts) {
    const { create, update, delete: remove } = goal.customTimeouts;
    const timeouts = new resourcePb.RegisterResourceRequest.CustomTimeouts();
    if (create) timeouts.setCreate(`${create}s`);
    if (update) timeouts.setUpdate(`${update}s`);
    if (remove) timeouts.setDelete(`${remove}s`);
    options.setCustomTimeouts(timeouts);
  }
  return options;
}

function toMessage(alias: Alias): InstanceType<typeof aliasPb.Alias> {
  const message = new aliasPb.Alias();
  if ("urn" in alias) return message.setUrn(alias.urn);
  const spec = new aliasPb.Alias.Spec();
  spec.setName(alias.name ?? "").setType(alias.type ?? "");
  spec.setStack(alias.stack ?? "").setProject(alias.project ?? "");
  if (alias.noParent) spec.setNoparent(true);
  else if (alias.parentUrn) spec.setParenturn(alias.parentUrn);
  return message.setSpec(spec);
}
