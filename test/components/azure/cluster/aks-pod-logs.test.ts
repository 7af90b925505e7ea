import { expect, test } from "vitest";
import { workspaceId } from "../azure-stage.ts";
import { find, list } from "../../record.ts";
import { aksResources, CLUSTER } from "./build-aks.ts";

test("sends the logs of pods to the workspace, without metrics and without AKS' own namespaces", async () => {
  const resources = await aksResources();
  const cluster = find(resources, CLUSTER, "cluster-cluster");
  expect(cluster["addonProfiles"]).toMatchObject({
    omsagent: {
      enabled: true,
      config: { logAnalyticsWorkspaceResourceID: workspaceId, useAADAuth: "true" },
    },
  });
  expect(find(resources, "azure-native:monitor:DataCollectionRule", "cluster-pod-logs-rule")).toMatchObject({
    kind: "Linux",
    dataSources: {
      extensions: [
        {
          extensionName: "ContainerInsights",
          streams: ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents"],
          extensionSettings: {
            dataCollectionSettings: {
              namespaceFilteringMode: "Exclude",
              namespaces: ["kube-system", "gatekeeper-system"],
              enableContainerLogV2: true,
            },
          },
        },
      ],
    },
    destinations: { logAnalytics: [{ workspaceResourceId: workspaceId }] },
  });
  expect(
    find(resources, "azure-native:monitor:DataCollectionRuleAssociation", "cluster-pod-logs-association"),
  ).toEqual({
    associationName: "ContainerInsightsExtension",
    dataCollectionRuleId: "cluster-pod-logs-rule-id",
    resourceUri: "cluster-cluster-id",
  });
  const off = await aksResources({ podLogs: false });
  expect(list(off).filter((one) => one.includes("pod-logs"))).toEqual([]);
  expect(find(off, CLUSTER, "cluster-cluster")["addonProfiles"]).not.toHaveProperty("omsagent");
});
