import grpc from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourceGrpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import type { Deployment } from "../plan/deployment.ts";
import type { Listener } from "../plan/step.ts";
import { CallbackClients } from "./callback-clients.ts";
import { CHANNEL_OPTIONS } from "./channel-options.ts";
import { CreationHooks } from "./creation-hooks.ts";
import { engineService } from "./engine-service.ts";
import { monitorService } from "./monitor-service.ts";
import { Transforms } from "./transforms.ts";
import { widenWindows } from "./wide-windows.ts";

export interface MonitorServer {
  /** `host:port`. */
  address: string;
  close(): Promise<void>;
}

/** Serves a deployment to a program, as Pulumi's ResourceMonitor and Engine, on a free loopback port. */
export async function startMonitor(options: {
  deployment: Deployment;
  listener: Listener;
  signal: AbortSignal;
}): Promise<MonitorServer> {
  const clients = new CallbackClients();
  const transforms = new Transforms(clients);
  const hooks = new CreationHooks(clients, options.listener);
  const server = new grpc.Server(CHANNEL_OPTIONS);
  server.addService(resourceGrpc.ResourceMonitorService, monitorService({ ...options, transforms, hooks }));
  server.addService(engineGrpc.EngineService, engineService(options.listener));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  widenWindows(server);
  return {
    address: `127.0.0.1:${port}`,
    close: async () => {
      clients.close();
      server.forceShutdown();
    },
  };
}
