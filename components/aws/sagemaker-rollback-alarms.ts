import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { SageMakerEndpointArgs } from "./sagemaker-endpoint-args.ts";

/** What all alarms that roll an update back have in common. */
const ROLLBACK_ALARM = {
  namespace: "AWS/SageMaker",
  comparisonOperator: "GreaterThanThreshold",
  period: 60,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  treatMissingData: "notBreaching",
};

/** Creates two alarms for each variant of an endpoint: one for its error rate, one for its p99 latency. */
export function createRollbackAlarms(
  name: string,
  endpointName: string,
  { variants, maxErrorRate = 0.01, maxLatencyMs = 500, tags }: SageMakerEndpointArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.MetricAlarm[] {
  return variants.flatMap(({ name: variant }) => {
    const common = {
      ...ROLLBACK_ALARM,
      dimensions: { EndpointName: endpointName, VariantName: variant },
      tags,
    };
    return [
      new aws.cloudwatch.MetricAlarm(
        `${name}-${variant}-errors`,
        {
          ...common,
          alarmDescription: `${name}: ${variant} fails more than ${maxErrorRate * 100} % of requests`,
          metricName: "Invocation5XXErrors", // 0 or 1 for each request: its average is a rate
          statistic: "Average",
          threshold: maxErrorRate,
        },
        { parent },
      ),
      new aws.cloudwatch.MetricAlarm(
        `${name}-${variant}-latency`,
        {
          ...common,
          alarmDescription: `${name}: ${variant} answers slower than ${maxLatencyMs} ms`,
          metricName: "ModelLatency",
          extendedStatistic: "p99",
          threshold: maxLatencyMs * 1000, // CloudWatch has it in microseconds
        },
        { parent },
      ),
    ];
  });
}
