import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsKey } from "./key.ts";
import { awsPolicy, onBehalfOf, trustService } from "./policy-document.ts";

export interface FlowLogOptions {
  vpcId: pulumi.Output<string>;
  account: string;
  /** Encrypts the log group. */
  logsKey: AwsKey;
  /** Days that the log is kept. @default 365 */
  days?: number | undefined;
}

/** Logs all traffic of a network to a log group of its own, with a role that can write only there. */
export function createFlowLog(name: string, options: FlowLogOptions, parent: pulumi.Resource): void {
  const { vpcId, account, logsKey, days = 365 } = options;
  const child = { parent };
  const group = new aws.cloudwatch.LogGroup(
    `${name}-flow-logs`,
    { retentionInDays: days, kmsKeyId: logsKey.arn },
    child,
  );
  const role = new aws.iam.Role(
    `${name}-flow-role`,
    {
      description: "Writes the flow logs of the network",
      assumeRolePolicy: trustService("vpc-flow-logs.amazonaws.com", onBehalfOf(account)),
    },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-flow-policy`,
    {
      role: role.id,
      policy: awsPolicy({
        Sid: "WriteOwnGroup",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
        Resource: [group.arn, pulumi.interpolate`${group.arn}:*`],
      }),
    },
    child,
  );
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
    },
    { parent, dependsOn: [policy] },
  );
}
