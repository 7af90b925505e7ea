import { createHash } from "node:crypto";
import type * as containerservice from "@pulumi/azure-native/containerservice/index.js";
import * as resources from "@pulumi/azure-native/resources/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AzurePlace } from "../place.ts";

/** The first stable version of Azure's API that has the settings. The SDK's ManagedCluster uses 2025-09-01, which lacks them. */
const CLUSTER_API = "2026-04-01";
const SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

/**
 * What `az aks update --enable-gateway-api --enable-app-routing-istio` sets: the kinds of the Gateway API, and the class `approuting-istio`.
 * @see https://learn.microsoft.com/azure/templates/microsoft.containerservice/2026-04-01/managedclusters
 */
const GATEWAY_API = {
  ingressProfile: {
    gatewayAPI: { installation: "Standard" },
    webAppRouting: { gatewayAPIImplementations: { appRoutingIstio: { mode: "Enabled" } } },
  },
};

/** Reads the cluster, adds the settings, and writes it back, as `az aks update` does. So settings that are not named here stay. */
const TEMPLATE = {
  $schema: SCHEMA,
  contentVersion: "1.0.0.0",
  parameters: {
    clusterId: { type: "string" },
    clusterName: { type: "string" },
    identityId: { type: "string" },
    // Not used by the template: another value makes it run again.
    clusterInputs: { type: "string" },
  },
  resources: [
    {
      type: "Microsoft.Resources/deployments",
      apiVersion: "2022-09-01",
      name: "[concat(deployment().name, '-update')]",
      properties: {
        mode: "Incremental",
        // A template cannot read and write the same resource. The inner one gets what the outer one has read.
        expressionEvaluationOptions: { scope: "inner" },
        parameters: {
          cluster: { value: `[reference(parameters('clusterId'), '${CLUSTER_API}', 'Full')]` },
          clusterName: { value: "[parameters('clusterName')]" },
          identityId: { value: "[parameters('identityId')]" },
        },
        template: {
          $schema: SCHEMA,
          contentVersion: "1.0.0.0",
          parameters: {
            cluster: { type: "object" },
            clusterName: { type: "string" },
            identityId: { type: "string" },
          },
          variables: { gatewayApi: GATEWAY_API },
          resources: [
            {
              type: "Microsoft.ContainerService/managedClusters",
              apiVersion: CLUSTER_API,
              name: "[parameters('clusterName')]",
              location: "[parameters('cluster').location]",
              tags: "[parameters('cluster').tags]",
              sku: "[parameters('cluster').sku]",
              identity: {
                type: "UserAssigned",
                userAssignedIdentities: { "[parameters('identityId')]": {} },
              },
              properties: "[union(parameters('cluster').properties, variables('gatewayApi'))]",
            },
          ],
        },
      },
    },
  ],
};

export interface EnableGatewayApiArgs {
  place: AzurePlace;
  cluster: containerservice.ManagedCluster;
  /** Inputs of the cluster. Pulumi writes the whole cluster when they change, without the settings, so they are then set again. */
  clusterInputs: containerservice.ManagedClusterArgs;
  /** Id of the identity of the control plane. */
  identityId: pulumi.Input<string>;
}

/**
 * Switches on the Gateway API of AKS' application routing add-on in a cluster, by a template deployment. Azure refuses it while a pool
 * of the cluster changes: let it depend on all pools.
 *
 * @returns the deployment: the cluster has the kinds of the Gateway API when it exists. Its deletion changes nothing in the cluster
 */
export function enableGatewayApi(
  name: string,
  { place, cluster, clusterInputs, identityId }: EnableGatewayApiArgs,
  opts: pulumi.CustomResourceOptions,
): resources.Deployment {
  const { resourceGroupName, tags, prefix } = place;
  const digest = pulumi
    .jsonStringify(clusterInputs)
    .apply((text) => createHash("sha256").update(text).digest("hex"));
  return new resources.Deployment(
    name,
    {
      resourceGroupName,
      tags,
      deploymentName: `${prefix}-aks-gateway-api`,
      properties: {
        mode: "Incremental",
        template: TEMPLATE,
        parameters: {
          clusterId: { value: cluster.id },
          clusterName: { value: cluster.name },
          identityId: { value: identityId },
          clusterInputs: { value: digest },
        },
      },
    },
    opts,
  );
}
