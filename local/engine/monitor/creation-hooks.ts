import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import type {
  RegisterResourceHookRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb.js";
import type { Created } from "../plan/goal.ts";
import type { Listener } from "../plan/step.ts";
import { parseUrn } from "../urn.ts";
import { toStruct } from "../values/wire.ts";
import type { CallbackClients } from "./callback-clients.ts";

/** Runs the hooks of a program that follow the creation of a resource. A preview runs none. */
export class CreationHooks {
  readonly #callbacks = new Map<string, Callback>();
  readonly #clients: CallbackClients;
  readonly #listener: Listener;

  constructor(clients: CallbackClients, listener: Listener) {
    this.#clients = clients;
    this.#listener = listener;
  }

  register(request: RegisterResourceHookRequest): void {
    const callback = request.getCallback();
    if (callback) this.#callbacks.set(request.getName(), callback);
  }

  /**
   * Returns a function that runs the hooks of a resource after its creation; undefined if it has none. A hook that fails is a warning, as
   * with the CLI. Throws if the resource has other hooks.
   */
  of(request: RegisterResourceRequest): ((created: Created) => Promise<void>) | undefined {
    const hooks = request.getHooks()?.toObject();
    if (!hooks) return undefined;
    const { afterCreateList: names, ...others } = hooks;
    if (Object.values(others).some((list) => list.length > 0))
      throw new Error(
        `${request.getType()} ${request.getName()}: the offline engine runs no other hooks than afterCreate; use the pulumi CLI`,
      );
    if (names.length === 0) return undefined;
    return async (created) => {
      for (const name of names) await this.#run(name, created);
    };
  }

  async #run(name: string, { urn, id, type, inputs, outputs }: Created): Promise<void> {
    const callback = this.#callbacks.get(name);
    if (!callback) throw new Error(`${urn}: the hook ${name} is not registered`);
    const request = new resourcePb.ResourceHookRequest();
    request.setUrn(urn).setId(id).setName(parseUrn(urn).name).setType(type);
    request.setNewInputs(toStruct(inputs)).setNewOutputs(toStruct(outputs));
    const answer = await this.#clients.invoke(callback, request.serializeBinary());
    const error = resourcePb.ResourceHookResponse.deserializeBinary(answer).getError();
    if (error !== "") this.#listener.log("warning", `the hook ${name} failed: ${error}`, urn);
  }
}
