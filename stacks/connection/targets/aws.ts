import * as pulumi from "@pulumi/pulumi";
import { parseArtifactReference } from "../../../runtime/contract/artifact-reference.ts";
import type { FeatureStoreConnection } from "../../../components/platform/serving/managed-runtime.ts";
import { AwsKey, forLogGroups } from "../../../components/aws/key.ts";
import { SageMakerEndpoint } from "../../../components/aws/sagemaker-endpoint.ts";
import { RedisClientGroup } from "../../../components/aws/redis-client-group.ts";
import { LambdaInference } from "../../../components/aws/lambda-inference.ts";
import type { awsFoundationSchema } from "../../foundation/aws-outputs.ts";
import type { ReadFoundation } from "../../foundation/common-outputs.ts";
import type { ManagedRedis } from "../connection.ts";
import { deployed } from "../deployed.ts";
import { modelShares, type ManagedTarget, type TargetRequest } from "./managed-target.ts";
import { targetName } from "../../config/target-name.ts";

export interface AwsTargetsArgs {
  account: string;
  region: string;
  prefix: string;
  protect: boolean;
  foundation: ReadFoundation<typeof awsFoundationSchema>;
  /** Feature store of the targets. @default none: callers send all features */
  redis: ManagedRedis | undefined;
}

/** Resources that all targets of a stack share. */
interface Shared {
  key: AwsKey;
  featureStore: FeatureStoreConnection | undefined;
  vpc: RedisClientGroup["vpc"] | undefined;
}

/** Creates services on SageMaker and Lambda. The first target creates the key and the access to Redis that all targets share. */
export function awsTargets(
  args: AwsTargetsArgs,
  opts: pulumi.ComponentResourceOptions,
): (request: TargetRequest) => ManagedTarget {
  const { account, region, prefix } = args;
  let shared: Shared | undefined;
  return (request): ManagedTarget => {
    const { name, environment, service, target, model, canaryModel, logSample, image, registryUrl } = request;
    const { key, featureStore, vpc } = (shared ??= createShared(args, opts));
    const resourceName = targetName(prefix, environment, service);
    const common = {
      account,
      region,
      environment,
      service,
      image,
      registryUrl,
      repositoryArns: repositoriesOf(request).map(
        (repository) => `arn:aws:ecr:${region}:${account}:repository/${repository}`,
      ),
      kmsKeyArn: key.arn,
      featureStore,
      vpc,
      logSample,
    };
    switch (target.kind) {
      case "sagemaker": {
        const { instanceType, minInstances, maxInstances, canary } = target;
        const endpoint = new SageMakerEndpoint(
          name,
          {
            ...common,
            endpointName: resourceName,
            variants: modelShares(model, canaryModel, canary?.percent).map((share) => ({
              ...share,
              instanceType,
              minInstances,
              maxInstances,
            })),
          },
          opts,
        );
        return { url: endpoint.url, details: { endpointName: endpoint.endpointName } };
      }
      case "lambda": {
        const { kind: _, ...settings } = target;
        const lambda = new LambdaInference(
          name,
          { ...common, ...settings, functionName: resourceName, model },
          opts,
        );
        return { url: lambda.url, details: { version: lambda.version, alias: lambda.aliasArn } };
      }
      default:
        throw new Error(`${name}: target must be sagemaker or lambda on AWS, got ${target.kind}`);
    }
  };
}

function createShared(args: AwsTargetsArgs, opts: pulumi.ComponentResourceOptions): Shared {
  const { account, region, protect, foundation, redis } = args;
  const key = new AwsKey(
    "serving-encryption",
    {
      description: "Services outside of the cluster, and their logs",
      account,
      services: [forLogGroups(account, region)],
      protect,
    },
    opts,
  );
  return {
    key,
    featureStore: redis && {
      url: pulumi.interpolate`rediss://${redis.host}:${redis.port}`,
      password: redis.password,
    },
    vpc:
      redis &&
      new RedisClientGroup(
        "serving",
        {
          vpcId: foundation.vpcId,
          subnetIds: foundation.privateSubnetIds,
          redis: {
            securityGroupId: deployed(foundation.redisSecurityGroupId, "cloud.redis"),
            port: redis.port,
          },
        },
        opts,
      ).vpc,
  };
}

/** Returns the repositories of the image and of the model. The canary's model is in the repository of the model. */
function repositoriesOf({ imageRepository, model }: TargetRequest): string[] {
  return [imageRepository, parseArtifactReference(model).repository];
}
