import { describe, expect, test } from "vitest";
import { find, list } from "../components/record.ts";
import { json } from "../components/aws/aws-outputs.ts";
import { revealed } from "../components/platform/serving/model.ts";
import { model, nextModel, targetStack } from "./target-stacks.ts";

const aws = await targetStack("prod");

describe("on AWS", () => {
  const { resources } = aws;
  const vpc = {
    subnetIds: ["network-private-0-id", "network-private-1-id", "network-private-2-id"],
    securityGroupIds: ["serving-group-id"],
  };

  test("SageMaker serves both models in the network, from the registry, with the features of Redis", () => {
    const of = (variant: string): Record<string, unknown> =>
      find(resources, "aws:sagemaker/model:Model", `production-pushback-${variant}`);
    expect(of("stable")).toMatchObject({
      vpcConfig: { subnets: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds },
      primaryContainer: {},
    });
    for (const [variant, expected] of [
      ["stable", model],
      ["canary", nextModel],
    ] as const) {
      const container = revealed(of(variant)["primaryContainer"]) as { environment: unknown; image: string };
      expect(container.image).toMatch(
        /^417366251839\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/slipway\/runtime@/,
      );
      expect(revealed(container.environment)).toMatchObject({
        SLIPWAY_TARGET: "sagemaker",
        SLIPWAY_ENVIRONMENT: "production",
        SLIPWAY_MODEL: expected,
        SLIPWAY_REGISTRY: "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com",
        SLIPWAY_FEATURE_STORE_URL: "rediss://master.redis.example:6379",
      });
    }
    expect(
      find(
        resources,
        "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
        "production-pushback-configuration",
      ),
    ).toMatchObject({
      productionVariants: [
        { variantName: "stable", instanceType: "ml.c6i.large", initialVariantWeight: 90 },
        { variantName: "canary", instanceType: "ml.c6i.large", initialVariantWeight: 10 },
      ],
    });
  });

  test("Lambda sends a tenth to what is deployed, and may read the repositories of the image and the model", () => {
    expect(find(resources, "aws:lambda/function:Function", "production-events-function")).toMatchObject({
      name: "slipway-production-events",
      vpcConfig: vpc,
      kmsKeyArn: "arn:serving-encryption-key",
    });
    expect(find(resources, "aws:lambda/alias:Alias", "production-events-alias")).toMatchObject({
      functionVersion: "7",
    });
    const { policy } = find(resources, "aws:iam/rolePolicy:RolePolicy", "production-events-policy");
    const { Statement } = json(policy) as { Statement: { Sid: string; Resource: string[] }[] };
    expect(Statement.find(({ Sid }) => Sid === "Pull")?.Resource).toEqual([
      "arn:aws:ecr:eu-central-1:417366251839:repository/slipway/runtime",
      "arn:aws:ecr:eu-central-1:417366251839:repository/flight-delays/pushback/model",
    ]);
  });

  test("without a managed Redis nothing is in the network, and callers bring all features", async () => {
    const { resources: plain } = await targetStack("prod", undefined, { redis: undefined });
    const { vpcConfig, environment } = find(
      plain,
      "aws:lambda/function:Function",
      "production-events-function",
    );
    expect(vpcConfig).toBeUndefined();
    expect(JSON.stringify(environment)).not.toContain("FEATURE_STORE");
    expect(list(plain).join("\n")).not.toContain("RedisClientGroup");
  });
});
