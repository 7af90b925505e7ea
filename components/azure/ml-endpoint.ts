import * as ml from "@pulumi/azure-native/machinelearningservices/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as pulumi from "@pulumi/pulumi";
import { PORT } from "../../runtime/contract/port.ts";
import { AZURE_ML_SCORING_PATH } from "../../runtime/contract/serving-target.ts";
import { grantAzureRole } from "./role-assignment.ts";
import { whenEffective } from "./role-effect.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import { autoscaleProfile } from "./managed-autoscale.ts";
import { commonInputs, type AzurePlace } from "./place.ts";
import {
  checkScale,
  imageByDigest,
  managedEnv,
  type ManagedRuntimeArgs,
} from "../platform/serving/managed-runtime.ts";
import { checkTraffic } from "../platform/serving/managed-variants.ts";

export interface AzureMlDeployment {
  /** Unique; 3 to 32 letters, digits and hyphens, a letter first. */
  name: string;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Share of all requests, in percent. */
  weight: number;
  /** Share of all requests, in percent, that is also sent here and whose answers are discarded; 0 to 50. Needs weight 0. @default none */
  mirror?: number;
  /** VM size of the instances. @default "Standard_F4s_v2" */
  instanceType?: string;
  /** Instances kept running; at least 1. @default 2, so that one may fail */
  minInstances?: number;
  /** Instances at most. @default - minInstances: it does not scale */
  maxInstances?: number;
}

export interface AzureMlEndpointArgs extends ManagedRuntimeArgs {
  place: AzurePlace;
  /** Workspace of Azure Machine Learning, in the same resource group. */
  workspaceName: pulumi.Input<string>;
  /** Id of the Log Analytics workspace that gets the logs of the containers and the requests. */
  workspaceId: pulumi.Input<string>;
  /** Runtime image in Container Registry, by digest. */
  image: pulumi.Input<string>;
  /** Id of the registry that holds the image and the models. */
  registryId: pulumi.Input<string>;
  /** The models and their shares of the requests, which must total 100. */
  deployments: readonly AzureMlDeployment[];
  /** Set it when all deployments with a weight exist: it splits the requests. Azure refuses shares of deployments that do not exist. @default false */
  live?: boolean;
  /** Name of the endpoint, unique in its region: 3 to 32 letters, digits and hyphens. @default - the component's name */
  endpointName?: string;
  /** Timeout of one request in seconds, 1 to 180. @default 5 */
  timeoutSeconds?: number;
}

/** Logs of an online endpoint. @see https://learn.microsoft.com/azure/machine-learning/monitor-resource-reference */
const ENDPOINT_LOGS = [
  "AmlOnlineEndpointTrafficLog",
  "AmlOnlineEndpointConsoleLog",
  "AmlOnlineEndpointEventLog",
] as const;

/**
 * Serves models on a managed online endpoint of Azure Machine Learning, with one deployment per model. Requests are split by
 * percent or mirrored. Callers need a token of Entra ID and must be in the workspace's network.
 *
 * @see https://learn.microsoft.com/azure/machine-learning/how-to-deploy-custom-container
 * @example
 * new AzureMlEndpoint("pushback", {
 *   place, workspaceName: "ml", environment: "production", service: "pushback", image, registryUrl, registryId, workspaceId, live: true,
 *   deployments: [
 *     { name: "stable", model: "flight-delays/pushback/model@sha256:…", weight: 90 },
 *     { name: "canary", model: "flight-delays/pushback/model@sha256:…", weight: 10 },
 *   ],
 * });
 */
export class AzureMlEndpoint extends pulumi.ComponentResource {
  readonly endpointName: pulumi.Output<string>;
  /** `/subscriptions/…/onlineEndpoints/<name>` */
  readonly endpointId: pulumi.Output<string>;
  /** URL for predictions. */
  readonly url: pulumi.Output<string>;
  /** Object id of the containers' identity. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: AzureMlEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:managed:AzureMlEndpoint", name, {}, opts);
    const { place, workspaceName, registryId, deployments, live = false, timeoutSeconds = 5 } = args;
    const { endpointName = name } = args;
    checkName(`${name}: endpointName`, endpointName);
    checkTraffic(deployments, { field: `${name}: deployments`, pattern: NAME, rule: NAME_RULE });
    checkMirror(name, deployments);
    within(1, 180, timeoutSeconds, `${name}: timeoutSeconds`);
    const image = imageByDigest(name, args.image);
    const child = { parent: this };
    const { resourceGroupName } = place;
    const inWorkspace = { resourceGroupName, workspaceName };

    const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, commonInputs(place), child);
    const pull = grantAzureRole(
      `${name}-pull`,
      { place, role: "AcrPull", principalId: identity.principalId, scope: registryId },
      child,
    );
    const environment = new ml.EnvironmentVersion(
      `${name}-environment`,
      {
        ...inWorkspace,
        name: endpointName,
        version: image.apply((reference) => reference.slice(reference.indexOf("@sha256:") + 8).slice(0, 12)),
        properties: {
          description: "The runtime image of Slipway",
          image,
          osType: "Linux",
          inferenceConfig: {
            livenessRoute: { path: "/v2/health/live", port: PORT.inference },
            readinessRoute: { path: "/v2/health/ready", port: PORT.inference },
            scoringRoute: { path: AZURE_ML_SCORING_PATH, port: PORT.inference },
          },
          tags: place.tags,
        },
      },
      child,
    );
    const containerIdentity = {
      type: "UserAssigned",
      userAssignedIdentities: [whenEffective(identity.id, pull)],
    };
    const endpoint = new ml.OnlineEndpoint(
      `${name}-endpoint`,
      {
        ...commonInputs(place),
        workspaceName,
        endpointName,
        kind: "Managed",
        identity: containerIdentity,
        properties: {
          authMode: "AADToken",
          publicNetworkAccess: "Disabled",
          traffic: live ? shares(deployments, ({ weight }) => weight) : {},
          mirrorTraffic: live ? shares(deployments, ({ mirror = 0 }) => mirror) : {},
        },
      },
      { ...child, dependsOn: [pull] },
    );
    new monitor.DiagnosticSetting(
      `${name}-log`,
      {
        name: "containers",
        resourceUri: endpoint.id,
        workspaceId: args.workspaceId,
        logs: ENDPOINT_LOGS.map((category) => ({ category, enabled: true })),
      },
      child,
    );
    for (const deployment of deployments) {
      const { model, instanceType = "Standard_F4s_v2", minInstances = 2 } = deployment;
      const { maxInstances = minInstances } = deployment;
      const owner = `${name}: deployment ${deployment.name}`;
      checkScale(owner, minInstances, maxInstances, 1);
      const resource = new ml.OnlineDeployment(
        `${name}-${deployment.name}`,
        {
          ...commonInputs(place),
          workspaceName,
          endpointName: endpoint.name,
          deploymentName: deployment.name,
          kind: "Managed",
          sku: { name: "Default", capacity: minInstances },
          properties: {
            endpointComputeType: "Managed",
            environmentId: environment.id,
            environmentVariables: {
              ...managedEnv(owner, "azure-ml", model, args),
              SLIPWAY_JOB: "serve", // a deployment cannot pass arguments to the container
              AZURE_CLIENT_ID: identity.clientId,
            },
            instanceType,
            egressPublicNetworkAccess: "Disabled",
            appInsightsEnabled: false, // the diagnostic setting keeps the logs, without a second service
            scaleSettings: { scaleType: "Default" },
            requestSettings: { requestTimeout: `PT${timeoutSeconds}S`, maxConcurrentRequestsPerInstance: 16 },
            readinessProbe: { initialDelay: "PT5S", period: "PT5S", timeout: "PT2S", failureThreshold: 60 },
            livenessProbe: { initialDelay: "PT30S", period: "PT10S", timeout: "PT5S", failureThreshold: 3 },
          },
        },
        { ...child, deletedWith: endpoint },
      );
      if (maxInstances > minInstances)
        new monitor.AutoscaleSetting(
          `${name}-${deployment.name}-scaling`,
          {
            ...commonInputs(place),
            enabled: true,
            targetResourceUri: resource.id,
            profiles: [autoscaleProfile(resource.id, minInstances, maxInstances)],
          },
          { ...child, deletedWith: endpoint },
        );
    }
    this.endpointName = endpoint.name;
    this.endpointId = endpoint.id;
    this.url = endpoint.urn.apply(
      () => `https://${endpointName}.${place.location}.inference.ml.azure.com${AZURE_ML_SCORING_PATH}`,
    );
    this.principalId = identity.principalId;
    this.registerOutputs({ endpointName: this.endpointName, endpointId: this.endpointId, url: this.url });
  }
}

const NAME = /^[a-zA-Z][a-zA-Z0-9-]{1,30}[a-zA-Z0-9]$/;
const NAME_RULE = "3 to 32 letters, digits and hyphens, a letter first";

function checkName(what: string, name: string): void {
  if (!NAME.test(name)) throw new Error(`${what} must be ${NAME_RULE}, got ${JSON.stringify(name)}`);
}

/** Throws unless at most one deployment gets mirrored requests, and it has weight 0. */
function checkMirror(owner: string, deployments: readonly AzureMlDeployment[]): void {
  const mirrors = deployments.filter(({ mirror = 0 }) => mirror !== 0);
  if (mirrors.length > 1)
    throw new Error(`${owner}: mirror must be set for one deployment at most, got ${mirrors.length}`);
  for (const { name, mirror = 0, weight } of mirrors) {
    within(0, 50, mirror, `${owner}: mirror of ${name}`);
    if (weight !== 0)
      throw new Error(`${owner}: mirror of ${name} must go with weight 0, got weight ${weight}`);
  }
}

/** Shares by name of the deployment, without those that are 0. */
function shares(
  deployments: readonly AzureMlDeployment[],
  shareOf: (deployment: AzureMlDeployment) => number,
): Record<string, number> {
  return Object.fromEntries(
    deployments
      .map((deployment) => [deployment.name, shareOf(deployment)] as const)
      .filter(([, share]) => share > 0),
  );
}
