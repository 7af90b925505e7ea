import grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import providerPb from "@pulumi/pulumi/proto/provider_pb.js";
import resourcePb from "@pulumi/pulumi/proto/resource_pb.js";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Deployment } from "../plan/deployment.ts";
import type { Registered } from "../plan/goal.ts";
import { forProvider } from "../values/values.ts";
import { fromStruct, toStruct } from "../values/wire.ts";
import type { PropertyMap } from "../values/property-value.ts";
import { toGoal, toReadGoal } from "./requests.ts";
import type { CreationHooks } from "./creation-hooks.ts";
import type { Transforms } from "./transforms.ts";

/** Features that the SDK may use. Without `errorHooks`, `parameterization` and `replaceWith` here the SDK itself refuses them. */
const FEATURES = new Set([
  "secrets",
  "resourceReferences",
  "outputValues",
  "deletedWith",
  "aliasSpecs",
  "transforms",
  "resourceHooks",
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
  | "registerResourceHook"
  | "signalAndWaitForShutdown"
>;

/** Implements Pulumi's ResourceMonitor service with a deployment. */
export function monitorService(options: {
  deployment: Deployment;
  transforms: Transforms;
  hooks: CreationHooks;
  signal: AbortSignal;
}): grpc.UntypedServiceImplementation {
  const { deployment, transforms, hooks, signal } = options;

  /** Answers a call with the result of an async function, or with its error. */
  const answer = <T>(callback: grpc.sendUnaryData<T>, work: () => Promise<T>): void => {
    work().then(
      (response) => callback(null, response),
      (error: unknown) => {
        // UNAVAILABLE makes the SDK exit without an error message after an interrupt.
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
        const onCreated = hooks.of(request);
        const goal = { ...(await transforms.apply(toGoal(request), own)), ...(onCreated && { onCreated }) };
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
    registerResourceHook: ({ request }, callback) => {
      hooks.register(request);
      callback(null, new emptyPb.Empty());
    },
    invoke: ({ request }, callback) =>
      answer(callback, async () => {
        const [token, args] = [request.getTok(), forProvider(fromStruct(request.getArgs()))];
        const [provider, version] = [request.getProvider() || undefined, request.getVersion() || undefined];
        const result =
          token === "pulumi:pulumi:getResource"
            ? getResource(deployment, args)
            : await deployment.invoke({ token, args, provider, version });
        return new providerPb.InvokeResponse().setReturn(toStruct(result));
      }),
    call: ({ request }, callback) =>
      answer(callback, async () => {
        throw new Error(
          `${request.getTok()}: the offline engine cannot call methods of components; use the pulumi CLI`,
        );
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
