import * as pulumi from "@pulumi/pulumi";
import { connectAws } from "../../../../../stacks/connection/aws.ts";
import { readFoundation } from "../../../../../stacks/connection/read-foundation.ts";
import { awsFoundation } from "../../../../../stacks/foundation/aws.ts";
import { awsFoundationSchema } from "../../../../../stacks/foundation/aws-outputs.ts";
import { cloudSchema } from "../../../../../stacks/config/schema/cloud.ts";
import { clusterSchema, type EksConfig } from "../../../../../stacks/config/schema/cluster.ts";
import { awsImages } from "../../add-on-images.ts";
import { FOUNDATION_STACK } from "../../foundation-stack.ts";
import { wholePlatform } from "../whole-platform.ts";

/** The foundation on AWS with every optional part of the config, or the platform on it, by the name of the stack. */
export default function program(): object {
  const cluster = clusterSchema.parse({
    kind: "eks",
    account: "417366251839",
    region: "eu-central-1",
    adminCidrs: ["10.8.0.0/16"],
    podLogDays: 30,
    gpuPools: { l4: { type: "nvidia-l4", count: 1, max: 4, timeSlicing: 2 } },
    neuronPools: { inf2: { machine: "inf2.xlarge", max: 1 } },
  }) as EksConfig;
  const cloud = cloudSchema.parse({
    prefix: "slipway",
    tags: { owner: "ml", environment: "prod" },
    budget: { monthlyUsd: 5000, emails: ["ml@example.com"] },
    protect: new pulumi.Config().requireBoolean("protect"),
    redis: {},
    database: {},
    dns: { zone: "ml.example.com", delegated: true },
    secrets: ["slack-webhook"],
    backup: { copyRegion: "eu-west-1", copyRegistry: true },
  });
  const registryUrl = "https://417366251839.dkr.ecr.eu-central-1.amazonaws.com";
  if (pulumi.getStack() === FOUNDATION_STACK)
    return awsFoundation({ cluster, cloud, images: awsImages, registryUrl });
  const foundation = readFoundation(FOUNDATION_STACK, awsFoundationSchema);
  return wholePlatform(connectAws({ cluster, cloud, foundation }), registryUrl, awsImages, {
    clientCidrs: ["203.0.113.0/24"],
    auth: { kind: "api-keys", secret: "api-keys" },
    requestsPer5Minutes: 1000,
  });
}
