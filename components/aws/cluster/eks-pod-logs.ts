import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsKey } from "../key.ts";
import { EksServiceAccountRole, type OidcIssuer } from "./eks-service-account-role.ts";

export interface EksPodLogsArgs {
  /** Name of the cluster in AWS. */
  clusterName: string;
  oidc: OidcIssuer;
  /** Encrypts the logs; its policy must let CloudWatch Logs use it (`forLogGroups`). */
  logsKey: AwsKey;
  /** Days that the logs are kept; one of the periods of CloudWatch. */
  days: number;
}

/**
 * Settings of the add-on `amazon-cloudwatch-observability` for the logs of pods and nothing else. Its metrics and traces are billed by
 * observation, and Prometheus has the metrics.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/install-CloudWatch-Observability-EKS-addon.html
 */
export const POD_LOG_SETTINGS = {
  containerLogs: {
    enabled: true,
    fluentBit: {
      config: {
        extraFiles: {
          // An empty file collects nothing: these would be the logs of nodes, in log groups without key and expiry.
          "dataplane-log.conf": "",
          "host-log.conf": "",
        },
      },
    },
  },
  // Replaces the default, which collects Container Insights. Nothing sends application signals.
  agent: { config: { logs: { metrics_collected: { application_signals: {} } } } },
  manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
  // Exporters for Container Insights, which run on nodes with GPUs or Neuron chips. Prometheus has exporters of its own.
  dcgmExporter: { enabled: false },
  neuronMonitor: { enabled: false },
};

/**
 * The log group of a cluster's pods, and the role with which Fluent Bit writes to it. Fluent Bit itself is an EKS add-on, which
 * needs nodes; the group and the role must outlive them, because it would create the group again.
 *
 * @example
 * const logs = new EksPodLogs("cluster-pod-logs", { clusterName: "slipway", oidc, logsKey, days: 30 });
 */
export class EksPodLogs extends pulumi.ComponentResource {
  readonly role: EksServiceAccountRole;
  /** Pass them as `dependsOn` to the nodes. */
  readonly resources: pulumi.Resource[];

  constructor(name: string, args: EksPodLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:cluster:EksPodLogs", name, {}, opts);
    const { clusterName, oidc, logsKey, days } = args;
    const group = new aws.cloudwatch.LogGroup(
      `${name}-group`,
      {
        name: `/aws/containerinsights/${clusterName}/application`, // to which the add-on writes
        retentionInDays: days,
        kmsKeyId: logsKey.arn,
      },
      { parent: this },
    );
    this.role = new EksServiceAccountRole(
      `${name}-access`,
      {
        oidc,
        namespace: "amazon-cloudwatch",
        serviceAccount: "cloudwatch-agent", // Fluent Bit of the add-on runs under it too
        statements: [
          {
            Sid: "WriteLogsOfPods",
            // Fluent Bit asks to create the group each time it starts.
            Action: [
              "logs:CreateLogGroup",
              "logs:CreateLogStream",
              "logs:DescribeLogStreams",
              "logs:PutLogEvents",
            ],
            Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
          },
        ],
      },
      { parent: this },
    );
    this.resources = [group, ...this.role.resources];
    this.registerOutputs({});
  }
}
