import grpc from "@grpc/grpc-js";
import callbackGrpc from "@pulumi/pulumi/proto/callback_grpc_pb.js";
import callbackPb from "@pulumi/pulumi/proto/callback_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import { CHANNEL_OPTIONS } from "./channel-options.ts";

/** Calls functions that the program registered, with one connection for each of its callback servers. */
export class CallbackClients {
  readonly #clients = new Map<string, InstanceType<typeof callbackGrpc.CallbacksClient>>();

  /** Returns the function's serialized response. Throws what the function throws. */
  invoke(callback: Callback, body: Uint8Array): Promise<Uint8Array> {
    const target = callback.getTarget();
    let client = this.#clients.get(target);
    if (!client) {
      client = new callbackGrpc.CallbacksClient(target, grpc.credentials.createInsecure(), CHANNEL_OPTIONS);
      this.#clients.set(target, client);
    }
    const request = new callbackPb.CallbackInvokeRequest();
    request.setToken(callback.getToken()).setRequest(body);
    const invoking = client;
    return new Promise((resolve, reject) => {
      invoking.invoke(request, (error, response) => {
        if (error) reject(new Error(error.details));
        else resolve(response.getResponse_asU8());
      });
    });
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}
