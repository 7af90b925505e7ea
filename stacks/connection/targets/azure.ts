import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "../../../components/azure/place.ts";
import type { AzureKey } from "../../../components/azure/key-vault.ts";
import { AzureMlEndpoint, type AzureMlEndpointArgs } from "../../../components/azure/ml-endpoint.ts";
import { AzureMlWorkspace } from "../../../components/azure/ml-workspace.ts";
import type { PrivateNetwork } from "../../../components/azure/network.ts";
import { AzurePrivateEndpoint } from "../../../components/azure/private-endpoint.ts";
import { BlobStorage } from "../../../components/azure/blob-storage.ts";
import { AzureFunctionInference } from "../../../components/azure/function-inference.ts";
import type { TargetOf } from "../../config/schema/target.ts";
import type { ManagedRedis } from "../connection.ts";
import { modelShares, type ManagedTarget, type TargetRequest } from "./managed-target.ts";
import { targetName } from "../../config/target-name.ts";

export interface AzureTargetsArgs {
  place: AzurePlace;
  network: PrivateNetwork;
  /** Subnet of function apps. */
  functionsSubnetId: () => pulumi.Output<string>;
  key: AzureKey;
  /** Id of the Log Analytics workspace that gets the logs. */
  workspaceId: pulumi.Input<string>;
  /** Copies of storage accounts in three zones of the region, or in one data center. */
  redundancy: "Standard_ZRS" | "Standard_LRS";
  protect: boolean;
  registryId: pulumi.Output<string>;
  /** Feature store of functions. @default none: callers send all features */
  redis: ManagedRedis | undefined;
}

/** Creates services on Azure Machine Learning and Azure Functions. The first target of a kind creates the resources that all targets of that kind share. */
export function azureTargets(
  args: AzureTargetsArgs,
  opts: pulumi.ComponentResourceOptions,
): (request: TargetRequest) => ManagedTarget {
  const { place, network, key, workspaceId, redundancy, protect, registryId } = args;
  let workspace: AzureMlWorkspace | undefined;
  let host: BlobStorage | undefined;
  return (request): ManagedTarget => {
    const { name, target } = request;
    const managed = { ...place, network, key, workspaceId, redundancy, protect };
    switch (target.kind) {
      case "azure-ml": {
        workspace ??= new AzureMlWorkspace("ml", { ...managed, registryId }, opts);
        const { workspaceName } = workspace;
        return createAzureMl(request, target, { place, registryId, workspaceId, workspaceName }, opts);
      }
      case "azure-functions":
        host ??= new BlobStorage("functions-host", { ...managed, purpose: "func" }, opts);
        return createAzureFunction(request, target, { ...args, host }, opts);
      default:
        throw new Error(`${name}: target must be azure-ml or azure-functions on Azure, got ${target.kind}`);
    }
  };
}

function createAzureMl(
  { name, environment, service, model, canaryModel, image, registryUrl }: TargetRequest,
  { instanceType, minInstances, maxInstances, live, canary }: TargetOf<"azure-ml">,
  shared: Pick<AzureMlEndpointArgs, "place" | "registryId" | "workspaceId" | "workspaceName">,
  opts: pulumi.ComponentResourceOptions,
): ManagedTarget {
  const { url, endpointId } = new AzureMlEndpoint(
    name,
    {
      ...shared,
      environment,
      service,
      image,
      registryUrl,
      live,
      endpointName: targetName(shared.place.prefix, environment, service),
      deployments: modelShares(model, canaryModel, canary?.percent).map((share) => ({
        ...share,
        instanceType,
        minInstances,
        maxInstances,
      })),
    },
    opts,
  );
  return { url, details: { endpointId } };
}

function createAzureFunction(
  { name, environment, service, model, registryUrl, logSample }: TargetRequest,
  { image, size, minInstances, maxInstances }: TargetOf<"azure-functions">,
  shared: AzureTargetsArgs & { host: BlobStorage },
  opts: pulumi.ComponentResourceOptions,
): ManagedTarget {
  const { place, network, functionsSubnetId, registryId, host, redis } = shared;
  const { url, appId } = new AzureFunctionInference(
    name,
    {
      place,
      environment,
      service,
      model,
      registryUrl,
      registryId,
      logSample,
      image: `${new URL(registryUrl).host}/${image}`,
      appName: targetName(place.prefix, environment, service),
      storage: { id: host.id, name: host.accountName },
      subnetId: functionsSubnetId(),
      size,
      minInstances,
      maxInstances,
      featureStore: redis && {
        url: pulumi.interpolate`rediss://${redis.host}:${redis.port}`,
        password: redis.password,
      },
    },
    opts,
  );
  new AzurePrivateEndpoint(
    `${name}-private`,
    { ...place, network, service: "sites", target: appId, group: "sites" },
    opts,
  );
  return { url, details: { appId } };
}
