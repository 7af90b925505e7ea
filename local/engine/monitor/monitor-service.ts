import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Deployment } from "../plan/deployment.ts";
import type { Registered } from "../plan/goal.ts";
import type { ProviderFunction } from "../plan/provider-function.ts";
import { toStruct } from "../values/wire.ts";
import { forProvider } from "../values/values.ts";
import { fromStruct } from "../values/wire.ts";
import type { PropertyMap } from "../providers/provider.ts";
import { toGoal, toReadGoal } from "./requests.ts";
import type { Transforms } from "./transforms.ts";

/** What the SDK may count on. Hooks, package parameters and `replaceWith` are refused by the SDK itself where absent. */
const FEATURES = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "deletedWith",
  "aliasSpecs",
  "transforms",
]);

type Handlers = Pick<
  IResourceMonitorServer,
  | "supportsFeature"
  | "invoke"
  | "call"
  | "readResource"
  | "registerResource"
  | "registerResourceOutputs"
  | "registerStackTransform"
  | "signalAndWaitForShutdown"
>;

/** Pulumi's ResourceMonitor service over a deployment. */
export function monitorService(options: {
  deployment: Deployment;
  providerFunction: ProviderFunction;
  transforms: Transforms;
  signal: AbortSignal;
}): grpc.UntypedServiceImplementation {
  const { deployment, providerFunction, transforms, signal } = options;

  /** Answers a call with what an async function returns, or with its error. */
  const answer = <T>(callback: grpc.sendUnaryData<T>, work: () => Promise<T>): void => {
    work().then(
      (response) => callback(null, response),
      (error: unknown) => {
        // After an interrupt the SDK ends quietly on UNAVAILABLE.
        const code = signal.aborted ? grpc.status.UNAVAILABLE : grpc.status.UNKNOWN;
        callback({ code, details: error instanceof Error ? error.message : String(error) });
      },
    );
  };

  const handlers: Handlers = {
    supportsFeature: ({ request }, callback) => {
      callback(null, new resourcePb.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())));
    },
    registerResource: ({ request }, callback) =>
      answer(callback, async () => {
        const own = request.getTransformsList();
        const goal = await transforms.apply(toGoal(request), own);
        const registered = await deployment.register(goal);
        transforms.addToResource(registered.urn, goal.parent, own);
        return toResponse(registered);
      }),
    readResource: ({ request }, callback) =>
      answer(callback, async () => {
        const { urn, outputs } = await deployment.read(toReadGoal(request));
        return new resourcePb.ReadResourceResponse().setUrn(urn).setProperties(toStruct(outputs));
      }),
    registerResourceOutputs: ({ request }, callback) =>
      answer(callback, async () => {
        deployment.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
        return new emptyPb.Empty();
      }),
    registerStackTransform: ({ request }, callback) => {
      transforms.addToStack(request);
      callback(null, new emptyPb.Empty());
    },
    invoke: ({ request }, callback) =>
      answer(callback, async () => {
        const token = request.getTok();
        const args = forProvider(fromStruct(request.getArgs()));
        const result =
          token === "pulumi:pulumi:getResource"
            ? getResource(deployment, args)
            : await providerFunction(token, args, request.getProvider());
        if (result === undefined) throw unsupported("function", token);
        return new providerPb.InvokeResponse().setReturn(toStruct(result));
      }),
    call: ({ request }, callback) =>
      answer(callback, async () => {
        throw unsupported("method", request.getTok());
      }),
    signalAndWaitForShutdown: (_call, callback) => callback(null, new emptyPb.Empty()),
  };
  return handlers;
}

function getResource(deployment: Deployment, args: PropertyMap): PropertyMap {
  const urn = args["urn"];
  if (typeof urn !== "string") throw new Error("pulumi:pulumi:getResource: urn must be a string");
  const state = deployment.state(urn);
  if (!state) throw new Error(`pulumi:pulumi:getResource: ${urn} is not registered`);
  return { urn: state.urn, id: state.id ?? "", state: state.outputs };
}

function unsupported(kind: "function" | "method", token: string): Error {
  return new Error(
    `${token}: the offline engine calls no provider ${kind}s; pass its result in as config, or use the pulumi CLI`,
  );
}

const RESULTS = { success: "SUCCESS", fail: "FAIL", skip: "SKIP" } as const;

function toResponse({
  urn,
  id,
  outputs,
  result,
}: Registered): InstanceType<typeof resourcePb.RegisterResourceResponse> {
  const response = new resourcePb.RegisterResourceResponse();
  response.setUrn(urn).setId(id).setObject(toStruct(outputs));
  return response.setResult(resourcePb.Result[RESULTS[result]]);
}
