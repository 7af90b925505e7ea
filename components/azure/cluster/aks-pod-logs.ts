import * as monitor from "@pulumi/azure-native/monitor/index.js";
import * as pulumi from "@pulumi/pulumi";
import { commonInputs, type AzurePlace } from "../place.ts";

export interface AksPodLogsArgs extends AzurePlace {
  /** Id of the cluster. Its add-on `omsagent` collects the logs. */
  clusterId: pulumi.Input<string>;
  /** Id of the Log Analytics workspace that gets the logs. */
  workspaceId: pulumi.Input<string>;
}

/** Name that the add-on looks for. */
const ASSOCIATION = "ContainerInsightsExtension";
const STREAMS = ["Microsoft-ContainerLogV2", "Microsoft-KubeEvents"];
/** Namespaces of AKS itself. */
const SYSTEM_NAMESPACES = ["kube-system", "gatekeeper-system"];

/**
 * Sends the output of pods and the events of a cluster to Log Analytics, table `ContainerLogV2`. They stay there after the pods are
 * gone. Metrics and inventories, which Prometheus has already, are not sent.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/container-insights-data-collection-dcr
 * @example
 * new AksPodLogs("cluster-pod-logs", { ...place, clusterId: cluster.id, workspaceId });
 */
export class AksPodLogs extends pulumi.ComponentResource {
  /** Logs are collected when this exists. */
  readonly resource: monitor.DataCollectionRuleAssociation;

  constructor(name: string, args: AksPodLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:AksPodLogs", name, {}, opts);
    const { clusterId, workspaceId, location, prefix } = args;
    const rule = new monitor.DataCollectionRule(
      `${name}-rule`,
      {
        ...commonInputs(args),
        dataCollectionRuleName: `MSCI-${location}-${prefix}-aks`, // the name that Azure's own tools give it
        kind: "Linux",
        dataSources: {
          extensions: [
            {
              name: ASSOCIATION,
              extensionName: "ContainerInsights",
              streams: STREAMS,
              extensionSettings: {
                dataCollectionSettings: {
                  interval: "1m",
                  namespaceFilteringMode: "Exclude",
                  namespaces: SYSTEM_NAMESPACES,
                  enableContainerLogV2: true,
                },
              },
            },
          ],
        },
        destinations: { logAnalytics: [{ name: "workspace", workspaceResourceId: workspaceId }] },
        dataFlows: [{ streams: STREAMS, destinations: ["workspace"] }],
      },
      { parent: this },
    );
    this.resource = new monitor.DataCollectionRuleAssociation(
      `${name}-association`,
      { associationName: ASSOCIATION, dataCollectionRuleId: rule.id, resourceUri: clusterId },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
