import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { SageMakerEndpointArgs } from "./sagemaker-endpoint-args.ts";

/** Scales each variant that may have more than `minInstances`, so that its instances get about the same number of requests. */
export function createVariantScaling(
  name: string,
  endpoint: aws.sagemaker.Endpoint,
  { variants, invocationsPerInstance = 1000, tags }: SageMakerEndpointArgs,
  parent: pulumi.Resource,
): void {
  const child = { parent, deletedWith: endpoint };
  for (const { name: variant, minInstances = 2, maxInstances = minInstances } of variants) {
    if (maxInstances === minInstances) continue;
    const target = new aws.appautoscaling.Target(
      `${name}-${variant}-scale`,
      {
        serviceNamespace: "sagemaker",
        scalableDimension: "sagemaker:variant:DesiredInstanceCount",
        resourceId: pulumi.interpolate`endpoint/${endpoint.name}/variant/${variant}`,
        minCapacity: minInstances,
        maxCapacity: maxInstances,
        tags,
      },
      child,
    );
    new aws.appautoscaling.Policy(
      `${name}-${variant}-scaling`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "SageMakerVariantInvocationsPerInstance" },
          targetValue: invocationsPerInstance,
          scaleInCooldown: 300,
          scaleOutCooldown: 60,
        },
      },
      child,
    );
  }
}
