import type grpc from "@grpc/grpc-js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import enginePb from "@pulumi/pulumi/proto/engine_pb.js";
import type { IEngineServer } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { repeatsReadFailure } from "../plan/read-resource.ts";
import type { Listener, Severity } from "../plan/step.ts";

const SEVERITIES: readonly Severity[] = ["debug", "info", "warning", "error"];

type Handlers = Pick<
  IEngineServer,
  "log" | "getRootResource" | "setRootResource" | "startDebugging" | "requirePulumiVersion"
>;

/** Implements Pulumi's Engine service: the log of the program, and the root resource. */
export function engineService(listener: Listener): grpc.UntypedServiceImplementation {
  let rootUrn = "";
  const handlers: Handlers = {
    log: ({ request }, callback) => {
      const severity = SEVERITIES[request.getSeverity()] ?? "info";
      const urn = request.getUrn() || undefined;
      if (request.getEphemeral() && urn) listener.status(urn, request.getMessage());
      else if (severity === "error" && repeatsReadFailure(request.getMessage()))
        return callback(null, new emptyPb.Empty());
      else listener.log(severity, request.getMessage(), urn);
      callback(null, new emptyPb.Empty());
    },
    getRootResource: (_call, callback) =>
      callback(null, new enginePb.GetRootResourceResponse().setUrn(rootUrn)),
    setRootResource: ({ request }, callback) => {
      rootUrn = request.getUrn();
      callback(null, new enginePb.SetRootResourceResponse());
    },
    startDebugging: (_call, callback) => callback(null, new emptyPb.Empty()),
    requirePulumiVersion: (_call, callback) => callback(null, new enginePb.RequirePulumiVersionResponse()),
  };
  return handlers;
}
