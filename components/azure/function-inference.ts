import * as authorization from "@pulumi/azure-native/authorization/index.js";
import * as managedidentity from "@pulumi/azure-native/managedidentity/index.js";
import * as web from "@pulumi/azure-native/web/index.js";
import * as pulumi from "@pulumi/pulumi";
import { grantAzureRole } from "./role-assignment.ts";
import { whenEffective } from "./role-effect.ts";
import { guidV5 } from "./names.ts";
import { commonInputs, type AzurePlace } from "./place.ts";
import { within } from "../platform/kubernetes/at-least.ts";
import {
  checkScale,
  imageByDigest,
  managedEnv,
  type ManagedRuntimeArgs,
} from "../platform/serving/managed-runtime.ts";

export interface AzureFunctionInferenceArgs extends ManagedRuntimeArgs {
  place: AzurePlace;
  /** Image of the Functions host with the files of the runtime image, by digest; see docs/components/azure-function-inference.md. */
  image: pulumi.Input<string>;
  /** Id of the registry that holds the image and the model. */
  registryId: pulumi.Input<string>;
  /** `<repository>@sha256:<64 hex digits>` */
  model: string;
  /** Storage account for the Functions host, which uses it with the function's identity. */
  storage: { id: pulumi.Input<string>; name: pulumi.Input<string> };
  /** Name of the function app, unique in all of Azure: 2 to 60 lower-case letters, digits and hyphens. @default - prefix and component's name */
  appName?: string;
  /** Size of the instances, in the Elastic Premium plan. @default "EP1" */
  size?: "EP1" | "EP2" | "EP3";
  /** Instances kept running; at least 1. @default 1 */
  minInstances?: number;
  /** Instances at most; up to 100. @default 20 */
  maxInstances?: number;
  /** Spread the instances over zones; needs `minInstances` of at least 3. @default false */
  zoneRedundant?: boolean;
  /** Delegated subnet through which the function reaches the registry, the storage and the feature store. @default - no virtual network */
  subnetId?: pulumi.Input<string>;
  /** Accept requests from the internet, with a function key. @default false: through a private endpoint */
  publicAccess?: boolean;
}

/**
 * Serves one model as an Azure Function in a container, on an Elastic Premium plan, with an identity of its own. The Functions
 * host starts the runtime as its custom handler. It accepts only HTTPS requests with a function key.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-how-to-custom-container
 */
export class AzureFunctionInference extends pulumi.ComponentResource {
  /** Base URL of the function app. */
  readonly url: pulumi.Output<string>;
  readonly appId: pulumi.Output<string>;
  /** Object id of the function's identity. */
  readonly principalId: pulumi.Output<string>;

  constructor(name: string, args: AzureFunctionInferenceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:serverless:AzureFunctionInference", name, {}, opts);
    const { place, registryId, storage, model, size = "EP1", zoneRedundant = false, subnetId } = args;
    const { minInstances = 1, maxInstances = 20, publicAccess = false } = args;
    const { appName = `${place.prefix}-${name}` } = args;
    if (!/^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/.test(appName))
      throw new Error(
        `${name}: appName must be 2 to 60 lower-case letters, digits and hyphens, got ${JSON.stringify(appName)}`,
      );
    checkScale(name, minInstances, maxInstances, 1);
    within(1, 100, maxInstances, `${name}: maxInstances`);
    if (zoneRedundant && minInstances < 3)
      throw new Error(`${name}: minInstances must be at least 3 with zoneRedundant, got ${minInstances}`);
    const image = imageByDigest(name, args.image);
    const child = { parent: this };

    const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, commonInputs(place), child);
    const { principalId } = identity;
    const pull = grantAzureRole(
      `${name}-pull`,
      { place, role: "AcrPull", principalId, scope: registryId },
      child,
    );
    const state = new authorization.RoleAssignment(
      `${name}-state`,
      {
        roleAssignmentName: guidV5(`${place.subscription}/${place.location}/${place.prefix}/${name}-state`),
        principalId,
        principalType: "ServicePrincipal",
        roleDefinitionId: `/subscriptions/${place.subscription}/providers/Microsoft.Authorization/roleDefinitions/${STORAGE_BLOB_DATA_OWNER}`,
        scope: storage.id,
      },
      { ...child, deleteBeforeReplace: true },
    );
    const plan = new web.AppServicePlan(
      `${name}-plan`,
      {
        ...commonInputs(place),
        kind: "elastic",
        reserved: true, // Linux
        sku: { name: size, tier: "ElasticPremium" },
        elasticScaleEnabled: true,
        maximumElasticWorkerCount: maxInstances,
        zoneRedundant,
      },
      child,
    );
    const identityId = whenEffective(identity.id, pull, state);
    const settings: Record<string, pulumi.Input<string>> = {
      ...managedEnv(name, "azure-functions", model, args),
      AZURE_CLIENT_ID: identity.clientId,
      FUNCTIONS_EXTENSION_VERSION: "~4",
      FUNCTIONS_WORKER_RUNTIME: "custom",
      WEBSITES_ENABLE_APP_SERVICE_STORAGE: "false",
      AzureWebJobsStorage__accountName: storage.name,
      AzureWebJobsStorage__credential: "managedidentity",
      AzureWebJobsStorage__clientId: identity.clientId,
    };
    const app = new web.WebApp(
      `${name}-app`,
      {
        ...commonInputs(place),
        name: appName,
        kind: "functionapp,linux,container",
        reserved: true,
        serverFarmId: plan.id,
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
        keyVaultReferenceIdentity: identityId,
        httpsOnly: true,
        clientAffinityEnabled: false,
        publicNetworkAccess: publicAccess ? "Enabled" : "Disabled",
        virtualNetworkSubnetId: subnetId,
        siteConfig: {
          linuxFxVersion: pulumi.interpolate`DOCKER|${image}`,
          acrUseManagedIdentityCreds: true,
          acrUserManagedIdentityID: identity.clientId,
          ftpsState: "Disabled",
          minTlsVersion: "1.2",
          scmMinTlsVersion: "1.2",
          http20Enabled: true,
          remoteDebuggingEnabled: false,
          vnetRouteAllEnabled: subnetId !== undefined,
          minimumElasticInstanceCount: minInstances,
          preWarmedInstanceCount: 1,
          functionAppScaleLimit: maxInstances,
          appSettings: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
        },
      },
      { ...child, dependsOn: [pull, state] },
    );
    // Turns off user names and passwords for deployments by FTP and to the Kudu site: nothing deploys this way.
    for (const [kind, Policy] of [
      ["ftp", web.WebAppFtpAllowed],
      ["scm", web.WebAppScmAllowed],
    ] as const)
      new Policy(
        `${name}-${kind}`,
        { resourceGroupName: place.resourceGroupName, name: app.name, allow: false },
        { ...child, deletedWith: app },
      );
    this.url = pulumi.interpolate`https://${app.defaultHostName}`;
    this.appId = app.id;
    this.principalId = principalId;
    this.registerOutputs({ url: this.url, appId: this.appId, principalId });
  }
}

/** Id of the role that the Functions host needs: it keeps its locks and keys in blobs. @see https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity */
const STORAGE_BLOB_DATA_OWNER = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
